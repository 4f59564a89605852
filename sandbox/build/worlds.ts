import type { World } from '../artefact.ts';

/** A version of the guest interface: what a component of that world exports and may import. */
export interface Contract {
  readonly world: World;
  readonly exported: string;
  readonly imported: string;
  /** The file in `sandbox/wit/` that defines both. */
  readonly wit: string;
  /** Functions of `imported` that the host may take its time for: a guest that calls them is suspended. */
  readonly waiting: readonly string[];
}

const TOOL_WAITS = ['http-request', 'tool-invoke', 'workspace-read', 'secret-exists'];

const CHANNEL_WAITS = [
  'emit-message',
  'http-request',
  'pairing-read-allow-from',
  'pairing-resolve-identity',
  'pairing-upsert-request',
  'secret-exists',
  'store-attachment-data',
  'websocket-send-text',
  'workspace-read',
  'workspace-write',
];

/**
 * Versions are matched exactly. Before 1.0 every number of a `near:agent` version has been a change of its types, so
 * a near miss that loads is worth less than a refusal that names the version.
 */
export const CONTRACTS: readonly Contract[] = [
  contract('tool@0.4.1', 'tool', 'host', TOOL_WAITS),
  contract('tool@0.3.0', 'tool', 'host', TOOL_WAITS),
  contract('channel@0.3.1', 'channel', 'channel-host', CHANNEL_WAITS),
];

function contract(world: World, kind: string, host: string, waiting: readonly string[]): Contract {
  const version = world.slice(world.indexOf('@') + 1);
  const imported = `near:agent/${host}@${version}`;
  return { world, exported: `near:agent/${world}`, imported, wit: `${kind}-${version}.wit`, waiting };
}

/** What slots stand in for, in any 0.2 version. Whatever reaches outside (sockets, http, …) is not among them. */
const SERVED_WASI: ReadonlySet<string> = new Set([
  'wasi:cli/environment',
  'wasi:cli/exit',
  'wasi:cli/stderr',
  'wasi:cli/stdin',
  'wasi:cli/stdout',
  'wasi:cli/terminal-input',
  'wasi:cli/terminal-output',
  'wasi:cli/terminal-stderr',
  'wasi:cli/terminal-stdin',
  'wasi:cli/terminal-stdout',
  'wasi:clocks/monotonic-clock',
  'wasi:clocks/wall-clock',
  'wasi:filesystem/preopens',
  'wasi:filesystem/types',
  'wasi:io/error',
  'wasi:io/poll',
  'wasi:io/streams',
  'wasi:random/insecure',
  'wasi:random/insecure-seed',
  'wasi:random/random',
]);

export const isServedWasi = (name: string): boolean =>
  /@0\.2\.\d+$/.test(name) && SERVED_WASI.has(name.slice(0, name.lastIndexOf('@')));
