import type { Bridge } from './bridge.ts';
import { hostInterface } from './host.ts';
import type { Log } from './log.ts';
import { createMeter } from './meter.ts';
import { createOutput } from './output.ts';
import { endingOf, type GuestEnding } from './trap.ts';
import type { GuestValue } from './values.ts';
import { wasiInterfaces } from './wasi.ts';
import { type WasmGlobal, type WasmImports, type WasmMemory, type WasmModule, wasm } from './web-assembly.ts';

/** What one call is to do. */
export interface Order {
  /** The function's name in WIT, for example `on-start`. */
  readonly entry: string;
  readonly args: readonly GuestValue[];
  readonly fuel: number;
}

export interface CallPorts {
  readonly bridge: Bridge;
  /** The `instantiate` that the glue of the component exports. */
  readonly instantiate: unknown;
  readonly module: (name: string) => WasmModule | undefined;
  readonly ask: (name: string, args: readonly GuestValue[]) => Promise<GuestValue>;
  readonly isHostFailure: (error: unknown) => boolean;
  readonly log: Log;
}

/** One call of a component, in an instance of its own. */
export interface Call {
  readonly ending: () => Promise<GuestEnding>;
  readonly fuelUsed: () => number;
  /** Bytes of linear memory of all its core modules. WASM memory never shrinks, so this is the peak as well. */
  readonly memoryBytes: () => number;
}

export function createCall(order: Order, ports: CallPorts): Call {
  const fuel = new wasm.Global({ value: 'i64', mutable: true }, BigInt(order.fuel));
  const meter = createMeter(fuel, order.fuel);
  const memories = new Set<WasmMemory>();
  const output = createOutput(ports.log);
  const near = hostInterface({ ...ports, meter });
  const imports = importTable(near, wasiInterfaces({ ...ports, ...output, meter }));
  return {
    fuelUsed: meter.used,
    memoryBytes: () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    async ending() {
      try {
        return { kind: 'returned', value: await invoke(order, ports, imports, linker(fuel, memories)) };
      } catch (error) {
        const lastWords = output.lastWords();
        return endingOf(error, { fuelSpent: meter.isSpent(), lastWords, isOurs: ports.isHostFailure });
      } finally {
        output.flush();
      }
    },
  };
}

type Linker = (
  module: WasmModule,
  imports?: WasmImports,
) => { readonly exports: Readonly<Record<string, unknown>> };

async function invoke(
  { entry, args }: Order,
  ports: CallPorts,
  imports: unknown,
  link: Linker,
): Promise<unknown> {
  if (typeof ports.instantiate !== 'function') throw new TypeError('The component is not loaded.');
  const module = (name: string): WasmModule => {
    const found = ports.module(name);
    if (found) return found;
    throw new TypeError(`The component has no module ${name}.`);
  };
  const exports: unknown = await ports.instantiate(module, imports, link);
  return await exportedFunction(exports, entry)(...args);
}

/** Instantiates a core module with the fuel of this call, and remembers the memories it has. */
function linker(fuel: WasmGlobal, memories: Set<WasmMemory>): Linker {
  return (module, imports = {}) => {
    const instance = new wasm.Instance(module, { ...imports, 'ironbark:limits': { fuel } });
    for (const value of Object.values(instance.exports))
      if (value instanceof wasm.Memory) memories.add(value);
    return instance;
  };
}

/** Looks imports up by the interface's name without its version, since the glue may ask for either. */
function importTable(near: unknown, wasi: Readonly<Record<string, unknown>>): unknown {
  return new Proxy(wasi, {
    get: (table, name) => {
      const plain = String(name).replace(/@.*$/, '');
      if (/^near:agent\/(channel-)?host$/.test(plain)) return near;
      return Object.hasOwn(table, plain) ? table[plain] : ungranted(plain);
    },
  });
}

/** An interface that no guest gets: it links, so that a component which never uses it runs, and traps when used. */
function ungranted(name: string): unknown {
  const trapping = function ungrantedImport(): never {
    throw new TypeError(`The guest used ${name}, which is not available here.`);
  };
  return new Proxy({}, { get: () => trapping });
}

function exportedFunction(exports: unknown, entry: string): (...args: readonly unknown[]) => unknown {
  const name = entry.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  for (const exported of Object.values(Object(exports))) {
    const found: unknown =
      typeof exported === 'object' && exported !== null ? Reflect.get(exported, name) : undefined;
    if (typeof found === 'function') return (...args) => Reflect.apply(found, undefined, args);
  }
  throw new TypeError(`The component exports no function ${entry}.`);
}
