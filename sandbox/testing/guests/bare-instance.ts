import type { Artefact } from '../../artefact.ts';
import { FUEL } from '../../limits/index.ts';

/** Node's types leave it out. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<object>;
  readonly Global: new (type: { readonly value: 'i64'; readonly mutable: true }, value: bigint) => object;
};

/**
 * A guest in the test's own process, without slot, deadline or protection: only for guests that behave. Functions of
 * its host are what the test hands in, by their names in JavaScript; of WASI there is what an engine needs to begin.
 */
export interface BareInstance {
  /** Calls an exported function by its name in JavaScript: `execute`, `onStart`. */
  call(name: string, ...args: readonly unknown[]): Promise<unknown>;
}

export type HostFunctions = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

export async function instantiateBare(artefact: Artefact, host: HostFunctions): Promise<BareInstance> {
  const glue: unknown = await import(`data:text/javascript,${encodeURIComponent(artefact.glue)}`);
  const modules = new Map(artefact.modules.map(({ name, bytes }) => [name, new Uint8Array(bytes)]));
  const instance: unknown = await method(glue, 'instantiate')(
    (name: string) => WebAssembly.compile(modules.get(name) ?? new Uint8Array()),
    importsOf(artefact, host),
    (module: object, imports: object) =>
      WebAssembly.instantiate(module, { ...imports, [FUEL.module]: { [FUEL.name]: fuel() } }),
  );
  const exported = property(instance, artefact.world.slice(0, artefact.world.indexOf('@')));
  return { call: async (name, ...args) => method(exported, name)(...args) };
}

const fuel = (): object => new WebAssembly.Global({ value: 'i64', mutable: true }, 1n << 40n);

function importsOf(artefact: Artefact, host: HostFunctions): Record<string, unknown> {
  const names = artefact.imports.map((name) => name.replace(/@.*$/, ''));
  return Object.fromEntries(
    names.map((name) => [name, name.startsWith('near:agent/') ? host : (WASI[name] ?? NOTHING)]),
  );
}

/** Every function a class that does nothing: the guests here reach for none of them. */
const NOTHING: unknown = new Proxy({}, { get: () => class {} });

class Stream {
  checkWrite(): bigint {
    return 65536n;
  }
  write(): void {}
  blockingFlush(): void {}
  blockingWriteAndFlush(): void {}
}

let seeds = 0n;

/** Another seed at each call, as in a slot. */
function insecureSeed(): readonly bigint[] {
  seeds += 1n;
  return [seeds, 7n];
}

const WASI: Readonly<Record<string, unknown>> = {
  'wasi:cli/environment': { getEnvironment: () => [], getArguments: () => [], initialCwd: () => undefined },
  'wasi:cli/stderr': { getStderr: () => new Stream() },
  'wasi:cli/stdout': { getStdout: () => new Stream() },
  'wasi:clocks/monotonic-clock': { now: () => 0n, resolution: () => 1n, subscribeDuration: () => undefined },
  'wasi:clocks/wall-clock': { now: () => ({ seconds: 1_700_000_000n, nanoseconds: 0 }) },
  'wasi:filesystem/preopens': { getDirectories: () => [] },
  'wasi:io/streams': { InputStream: class {}, OutputStream: Stream },
  'wasi:random/insecure-seed': { insecureSeed },
};

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function method(value: unknown, name: string): (...args: readonly unknown[]) => unknown {
  const found = property(value, name);
  if (typeof found !== 'function') throw new Error(`the guest has no ${name}`);
  return (...args) => Reflect.apply(found, value, args);
}
