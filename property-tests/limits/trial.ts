import { createHash } from 'node:crypto';
import { FUEL } from '../../sandbox/limits/index.ts';
import { type WasmGlobal, type WasmMemory, wasm } from './web-assembly.ts';

/** What could be seen of a module while it started and its exports were called. */
export interface Trial {
  /** How the start and each call ended, what the host was called with, and what memory and globals held then. */
  readonly seen: readonly string[];
  /** What was left at each moment at which one could look. Empty for a module without limits. */
  readonly fuel: readonly bigint[];
  /** The same, only for calls of the host. */
  readonly fuelAtTicks: readonly bigint[];
  readonly ending: 'finished' | 'out-of-fuel' | 'out-of-stack';
  /** Whether a guest handed fuel out. */
  readonly exportsFuel: boolean;
  readonly memoryBytes: number;
}

const ARGUMENTS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 5],
  [-1, 300],
];

/** @param fuel undefined for a module as it was, which must be known to end */
export function tryOut(bytes: Uint8Array, fuel?: bigint): Trial {
  const seen: string[] = [];
  const levels: bigint[] = [];
  const left = new wasm.Global({ value: 'i64', mutable: true }, fuel ?? 0n);
  const ticks: bigint[] = [];
  const look = (also: bigint[] = []): void => {
    if (fuel === undefined || typeof left.value !== 'bigint') return;
    levels.push(left.value);
    also.push(left.value);
  };
  const host = createHost((value) => {
    seen.push(`tick ${value}`);
    look(ticks);
  });
  let exports: Readonly<Record<string, unknown>> = {};
  let ending: Trial['ending'] = 'finished';
  const perform = (name: string, work: () => unknown): void => {
    const outcome = outcomeOf(work);
    look();
    if (fuel !== undefined && typeof left.value === 'bigint' && left.value < 0n) ending = 'out-of-fuel';
    else if (outcome === 'stack') ending = 'out-of-stack';
    seen.push(`${name}: ${outcome}`);
  };

  perform('start', () => {
    const module = new wasm.Module(bytes);
    exports = new wasm.Instance(module, { host, [FUEL.module]: { [FUEL.name]: left } }).exports;
  });
  for (const [name, exported] of Object.entries(exports)) {
    if (typeof exported !== 'function') continue;
    for (const given of ARGUMENTS) if (ending === 'finished') perform(name, () => exported(...given));
  }
  const memories = [host.memory, ...Object.values(exports)].filter(isMemory);
  seen.push(
    ...Object.entries({ ...exports, first: host.first }).map(([name, value]) => `${name} ${stateOf(value)}`),
  );
  seen.push(`memory ${stateOf(host.memory)}`);
  return {
    seen,
    fuel: levels,
    fuelAtTicks: ticks,
    ending,
    exportsFuel: Object.values(exports).includes(left),
    memoryBytes: Math.max(...memories.map(({ buffer }) => buffer.byteLength)),
  };
}

interface Host {
  readonly tick: (value: unknown) => void;
  readonly base: WasmGlobal;
  readonly first: WasmGlobal;
  readonly memory: WasmMemory;
}

const PAGE = 65_536;
let spare: WasmMemory | undefined;

const createHost = (tick: (value: unknown) => void): Host => ({
  tick,
  base: new wasm.Global({ value: 'i32', mutable: false }, 16),
  first: new wasm.Global({ value: 'i32', mutable: true }, 11),
  memory: emptyMemory(),
});

/** Memories are dear to the engine, so one that has not grown is used again. */
function emptyMemory(): WasmMemory {
  if (spare?.buffer.byteLength !== PAGE) spare = new wasm.Memory({ initial: 1, maximum: 3 });
  new Uint8Array(spare.buffer).fill(0);
  return spare;
}

function outcomeOf(work: () => unknown): string {
  try {
    return shown(work());
  } catch (error) {
    if (error instanceof wasm.RuntimeError) return error.message;
    if (error instanceof wasm.LinkError) return 'does not link';
    if (error instanceof wasm.Exception) return 'exception';
    if (error instanceof RangeError) return 'stack';
    if (error instanceof TypeError) return 'wrong type';
    throw error;
  }
}

const isMemory = (value: unknown): value is WasmMemory =>
  typeof value === 'object' && value !== null && 'buffer' in value && value.buffer instanceof ArrayBuffer;

const isGlobal = (value: unknown): value is WasmGlobal =>
  typeof value === 'object' && value !== null && 'value' in value;

function stateOf(exported: unknown): string {
  if (isMemory(exported)) return digestOf(exported.buffer);
  if (isGlobal(exported)) return shown(exported.value);
  if (typeof exported === 'object' && exported !== null && 'length' in exported)
    return `length ${exported.length}`;
  return typeof exported;
}

const digestOf = (buffer: ArrayBuffer): string =>
  `${buffer.byteLength} ${createHash('sha1').update(new Uint8Array(buffer)).digest('hex')}`;

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'function' ? 'function' : String(value);
};
