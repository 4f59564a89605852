import { readdir } from 'node:fs/promises';
import type { Environment } from '../../actors/environment.ts';
import { createSandboxRunner, type SandboxRunner } from '../../actors/sandbox/runner.ts';
import type { Sandbox } from '../../actors/sandbox/sandbox.ts';
import type { SandboxServices } from '../../sandbox/index.ts';
import { createSlotPool } from '../../sandbox/pool/pool.ts';
import type { Home } from '../storage/index.ts';
import type { ExtensionShelf } from './extensions-desk.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** Where requests of tools go. */
export type Network = Pick<SandboxServices, 'transport' | 'resolver'>;

export interface SandboxOptions {
  readonly home: Home;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the real one. */
  readonly network?: Network;
}

/**
 * The sandbox's part of the tree. What it takes to run tools from outside is loaded when there is one: without, it
 * would add a quarter to the time that a start takes, and 10 MB.
 *
 * @param onLooked told when the tools of the folder are in the registry
 */
export function openSandbox(
  options: SandboxOptions,
  environment: Environment,
  onLooked: () => void,
): { readonly sandbox: Sandbox; readonly runner: SandboxRunner; readonly shelf: ExtensionShelf } {
  const { log, settings } = environment;
  const pool = createSlotPool();
  let parts: Promise<SandboxParts> | undefined;
  const open = (): Promise<SandboxParts> => {
    parts ??= import('./sandbox-parts.ts').then(({ createSandboxParts }) =>
      createSandboxParts(options, environment, pool, runner.run),
    );
    return parts;
  };
  const runner = createSandboxRunner(async () => (await open()).services);
  const isUsed = async (): Promise<boolean> => {
    const files = await readdir(options.home.toolsDir).catch(() => []);
    return files.length > 0;
  };
  const tools = { isUsed, open, onLooked, log };
  const opened = async (): Promise<SandboxParts | undefined> =>
    parts !== undefined || (await isUsed()) ? open() : undefined;
  const shelf: ExtensionShelf = {
    list: async () => (await opened())?.shelf.list() ?? [],
    refresh: async () => (await opened())?.shelf.refresh(),
  };
  return { sandbox: { pool, hungAfterMs: settings.hungAfterMs, tools }, runner, shelf };
}
