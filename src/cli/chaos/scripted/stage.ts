import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadConfig } from '../../../config/index.ts';
import type { Assistant } from '../../../core/assistant.ts';
import type { Model } from '../../../llm/index.ts';
import { openHome } from '../../../storage/index.ts';
import type { Tool } from '../../../tools/index.ts';
import { startIronbark } from '../../start.ts';
import type { Subject } from '../fault.ts';
import { auditDisk } from './disk.ts';

/** An assistant to be hurt: whole, in a home of its own that is deleted when it is disposed of. */
export interface Stage extends AsyncDisposable {
  readonly assistant: Assistant;
  readonly subject: Subject;
  /** Stops it and looks at what it left on disk: what is wrong with that, a sentence each. */
  close(): Promise<readonly string[]>;
}

/** Neither the user's configuration nor the environment reaches it, least of all their database and model. */
export async function openStage(props: { model: Model; tools: readonly Tool[] }): Promise<Stage> {
  await using cleanup = new AsyncDisposableStack();
  const path = await mkdtemp(join(tmpdir(), 'ironbark-chaos-'));
  cleanup.defer(() => rm(path, { recursive: true, force: true }));
  const home = openHome(path);
  const config = loadConfig({ home: path, env: {}, overrides: [] });
  const running = await startIronbark({
    // What hangs is found in a second, so that the run does not wait for it.
    config: { ...config, watchdog: { ...config.watchdog, hung_after_seconds: 1 } },
    home,
    version: 'chaos',
    log: pino({ level: 'silent' }),
    env: {},
    model: props.model,
    extraTools: props.tools,
    gateway: false,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= running.stop();
    return stopped;
  };
  cleanup.defer(stop);

  const owned = cleanup.move();
  return {
    assistant: running.assistant,
    subject: subjectOf(running.assistant, running.exited),
    async close() {
      await stop();
      return auditDisk(home);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function subjectOf(assistant: Assistant, exited: Promise<Error | undefined>): Subject {
  let end: Error | undefined;
  void exited.then((reason) => {
    end = new Error(`The tree has ended: ${reason?.message ?? 'it gave up'}`, { cause: reason });
  });
  return {
    async tree() {
      if (end) throw end;
      return assistant.tree();
    },
    inflict: async (path, fault) => (suffer(assistant, path, fault) ? 'done' : 'refused'),
  };
}

function suffer(assistant: Assistant, path: string, fault: Parameters<Subject['inflict']>[1]): boolean {
  if (fault.kind === 'delay') return assistant.delay(path, fault.milliseconds);
  return assistant[fault.kind](path);
}
