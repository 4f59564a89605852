import type { Bridge, Realm } from './bridge.ts';
import { type Call, createCall, type Order } from './call.ts';
import { installGlobals } from './globals.ts';
import { KIND } from './kinds.ts';
import { createLog, type Log } from './log.ts';
import { type GuestEnding, trap } from './trap.ts';
import { type GuestValue, joined, pack, type RawParts, rawParts, unpack } from './values.ts';
import { refusal } from './wasi-io.ts';
import { type WasmModule, wasm } from './web-assembly.ts';

/** The most that a call may return, in bytes. */
export const MAX_OUTPUT = 4 * 1024 * 1024;
/** The most that a guest may hand to its host at once, in bytes beside the header. */
export const MAX_QUESTION = 12 * 1024 * 1024;
/** Of a frame's JSON, in UTF-16 code units: reading it must not hold up the host. Long text does not count. */
export const MAX_HEADER = 256 * 1024;

interface LiveCall {
  readonly call: Call;
  readonly log: Log;
  settle: ((answer: Answer) => void) | undefined;
}

type Answer =
  | { readonly ok: GuestValue }
  | { readonly err: GuestValue }
  /** The host itself failed. */
  | { readonly fail: string };

/** Errors thrown into guests, by us and not by them. */
const hostErrors = new WeakSet<object>();

/**
 * The realm of one component: its own globals, its own glue and compiled modules. Each call gets a fresh instance;
 * only the glue's module scope and this realm's globals live on between calls.
 */
export function createRealm(bridge: Bridge): Realm {
  installGlobals(bridge);
  const modules = new Map<string, WasmModule>();
  const calls = new Map<number, LiveCall>();
  let instantiate: unknown;
  return {
    allocate: (length) => new Uint8Array(length),
    addModule(name, bytes) {
      try {
        modules.set(name, new wasm.Module(bytes));
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : 'The module cannot be compiled.';
      }
    },
    setGlue(exported) {
      instantiate = exported;
    },
    start(id, header, raw) {
      const live = liveCall(bridge, id, readOrder(header, raw), {
        instantiate,
        module: (name) => modules.get(name),
      });
      calls.set(id, live);
      live.call.ending().then((ending) => {
        if (calls.delete(id)) sendDone(bridge, id, live, ending);
      });
    },
    answer(id, header, raw) {
      const live = calls.get(id);
      const settle = live?.settle;
      if (!live || !settle) return;
      live.settle = undefined;
      settle(readAnswer(header, raw));
    },
    drop: (id) => {
      calls.delete(id);
    },
  };
}

type Loaded = Pick<Parameters<typeof createCall>[1], 'instantiate' | 'module'>;

function liveCall(bridge: Bridge, id: number, order: Order, loaded: Loaded): LiveCall {
  const log = createLog();
  const isHostFailure = (error: unknown) =>
    typeof error === 'object' && error !== null && hostErrors.has(error);
  const ask = (name: string, args: readonly GuestValue[]): Promise<GuestValue> => {
    if (live.settle) return Promise.reject(hostFailure('The guest asked twice at a time.'));
    return new Promise((resolve, reject) => {
      const failure = sendQuestion(bridge, id, live, { name, args });
      if (failure) return reject(failure);
      live.settle = (answer) => {
        if ('ok' in answer) resolve(answer.ok);
        else reject('err' in answer ? thrown(answer.err) : hostFailure(answer.fail));
      };
    });
  };
  const call = createCall(order, { ...loaded, bridge, ask, isHostFailure, log });
  const live: LiveCall = { call, log, settle: undefined };
  return live;
}

/** The glue turns the payload into the guest's `err`; where the function has no result, the error ends the call. */
function thrown(payload: GuestValue): Error {
  const error = refusal(payload);
  error.message = 'The host refused what the guest asked for.';
  hostErrors.add(error);
  return error;
}

function hostFailure(message: string): Error {
  const error = new Error(message);
  hostErrors.add(error);
  return error;
}

/** The state of a call that goes with each of its messages, so that the host knows it even where the slot is lost. */
function report({ call, log }: LiveCall, raw: RawParts) {
  return { log: log.flush(raw), fuel: call.fuelUsed(), memory: call.memoryBytes() };
}

interface Question {
  readonly name: string;
  readonly args: readonly GuestValue[];
}

function sendQuestion(
  bridge: Bridge,
  id: number,
  live: LiveCall,
  { name, args }: Question,
): Error | undefined {
  const raw = rawParts();
  const packed = pack(args, raw);
  if (raw.length > MAX_QUESTION || JSON.stringify(packed).length > MAX_HEADER)
    return hostFailure(`What the guest handed to ${name} is too large.`);
  bridge.send(KIND.host, id, JSON.stringify({ name, args: packed, ...report(live, raw) }), joined(raw));
  return undefined;
}

function sendDone(bridge: Bridge, id: number, live: LiveCall, ending: GuestEnding): void {
  const raw = rawParts();
  const packed = packEnding(ending, raw);
  bridge.send(KIND.done, id, JSON.stringify({ ...packed, ...report(live, raw) }), joined(raw));
}

function packEnding(ending: GuestEnding, raw: RawParts): object {
  if (ending.kind === 'trapped') return ending;
  const what = ending.kind === 'returned' ? ending.value : ending.error;
  const parts = rawParts();
  try {
    const value = pack(what, parts);
    if (parts.length > MAX_OUTPUT || JSON.stringify(value).length > MAX_HEADER)
      return trap('output', `The guest returned more than ${MAX_OUTPUT / 1024 / 1024} MiB.`);
    raw.parts.push(...parts.parts);
    raw.length = parts.length;
    return { kind: ending.kind, value };
  } catch {
    return trap('output', 'The guest returned something that no guest interface has.');
  }
}

function readOrder(header: string, raw: Uint8Array): Order {
  const { entry, args, fuel } = JSON.parse(header);
  const values = unpack(args, raw);
  return { entry, fuel, args: Array.isArray(values) ? values : [] };
}

function readAnswer(header: string, raw: Uint8Array): Answer {
  const answer = JSON.parse(header);
  if ('ok' in answer) return { ok: unpack(answer.ok, raw) };
  if ('err' in answer) return { err: unpack(answer.err, raw) };
  return { fail: String(answer.fail) };
}
