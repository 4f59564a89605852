import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadConfig, type Override } from '../../config/index.ts';
import { openHome } from '../../storage/index.ts';
import { startIronbark } from '../start.ts';
import { restoreMemory } from './memory-snapshot.ts';
import type { Props, Stage } from './player.ts';
import { probes } from './probes.ts';

/**
 * A whole assistant in a home of its own: the real tree, tools, policy and journal over a new database, with the
 * trace as its model. Neither the user's configuration nor the environment reaches it, least of all their
 * database. Disposing of it stops it and deletes the home.
 */
export async function openStage({ model, memory, network }: Props): Promise<Stage> {
  await using cleanup = new AsyncDisposableStack();
  const path = await mkdtemp(join(tmpdir(), 'ironbark-replay-'));
  cleanup.defer(() => rm(path, { recursive: true, force: true }));
  const home = openHome(path);
  await restoreMemory(home, memory);
  const running = await startIronbark({
    config: loadConfig({ home: path, env: {}, overrides: OVERRIDES }),
    home,
    version: 'replay',
    log: pino({ level: 'silent' }),
    env: {},
    model,
    network,
    extraTools: probes,
    gateway: false,
  });
  cleanup.defer(() => running.stop());

  const owned = cleanup.move();
  return { assistant: running.assistant, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The same everywhere, so that a trace means the same on every machine. */
const OVERRIDES: readonly Override[] = [{ setting: 'user.timezone', value: 'UTC', flag: 'replay' }];
