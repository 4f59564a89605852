import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { IronbarkError } from '../../core/errors.ts';
import { type Context, printResult, type Running, type Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { notRunning } from '../reach.ts';
import { settingsOf } from '../settings.ts';

const LOOK_EVERY_MS = 50;
const LONGEST_MS = 30_000;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Stops the assistant that runs on the home folder and waits until it has. What it was doing goes on\nwhen it is started again.',
    )
    .addHelpText('after', '\nExample:\n  ironbark stop --home ~/work-assistant')
    .action(async () => finish(await stop(settingsOf(command, context.terminal), context)));
}

async function stop(settings: Settings, context: Context): Promise<number> {
  const running = await context.access.findRunning(settings.home);
  if (running === undefined) throw notRunning(settings.home);
  signal(running);
  await gone(running, settings.home, context);
  printResult(
    context,
    settings,
    { stopped: true, pid: running.pid },
    () => `Stopped (process ${running.pid}).`,
  );
  return 0;
}

function signal({ pid }: Running): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (cause) {
    // Gone in this very moment is as good.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return;
    throw new IronbarkError(
      'unreachable',
      `Process ${pid} may not be stopped by you.`,
      'Stop it as its own user.',
      { cause },
    );
  }
}

async function gone({ pid }: Running, home: string, { access, now }: Context): Promise<void> {
  const until = now() + LONGEST_MS;
  while ((await access.findRunning(home))?.pid === pid) {
    if (now() > until) throw stillThere(pid);
    await wait(LOOK_EVERY_MS);
  }
}

function stillThere(pid: number): IronbarkError {
  const message = `Process ${pid} was asked to stop and is still there after ${LONGEST_MS / 1000} s.`;
  return new IronbarkError('unreachable', message, `End it with: kill -9 ${pid} (nothing is lost by it).`);
}
