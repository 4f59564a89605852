import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import { createCappedOutput } from '../../core/capped-output.ts';

export interface CommandRun {
  readonly command: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface CommandOutcome {
  readonly ended:
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'killed'; readonly by: string }
    | { readonly kind: 'timed-out' | 'aborted' }
    | { readonly kind: 'not-started'; readonly why: string }
    /** What it ran in is gone. */
    | { readonly kind: 'lost'; readonly why: string };
  /** What it printed to either stream, in the order in which it did. */
  readonly output: string;
  readonly durationMs: number;
}

const MAX_OUTPUT_BYTES = 64 * 1024;
/** Between asking the processes to end and ending them. */
const GRACE_MS = 2_000;
/** For what still lies in the pipe; a process that left the group may hold it open for ever. */
const DRAIN_MS = 500;

/** The shell by whose grammar commands are judged. Any other could read them differently. */
export function findShell(): string | undefined {
  return ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/run/current-system/sw/bin/bash'].find(
    isExecutable,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs first in the group of the command and stays beside it. Our end of descriptor 3 is open as long as our process
 * lives, however that dies; then the group is ended. It ignores the signal that it sends, also for its `sleep`.
 */
const GUARDED = `
(trap '' TERM; read -r _ <&3; kill -TERM 0; sleep ${GRACE_MS / 1000}; kill -KILL 0) >/dev/null 2>&1 &
exec "$0" --noprofile --norc -c "$1" 3<&- 2>&1`;

/**
 * Runs the command in a group of processes of its own and waits until its shell has ended; nothing of the group
 * outlives that. Only a process that leaves the group by itself (\`setsid\`) does. Its input is empty.
 */
export async function runCommand(run: CommandRun, shell: string): Promise<CommandOutcome> {
  const { command, workdir, environment, timeoutMs, signal } = run;
  const begun = performance.now();
  const output = createCappedOutput(MAX_OUTPUT_BYTES);
  const child = spawn(shell, ['--noprofile', '--norc', '-c', GUARDED, shell, command], {
    cwd: workdir,
    env: { ...environment, PWD: workdir },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const printed: Readable | null = child.stdout;
  printed?.on('data', (chunk: Buffer) => output.add(chunk));
  // Closed by the other side where that ends first.
  guardOf(child)?.on('error', () => undefined);
  const stop = createStop(child, timeoutMs, signal);
  const exit = await exitOf(child);
  const stopped = stop.done();
  killGroup(child, 'SIGKILL');
  await drained(printed);
  guardOf(child)?.destroy();
  return { ended: stopped ?? exit, output: output.text(), durationMs: performance.now() - begun };
}

function guardOf(child: ChildProcess): Duplex | Readable | undefined {
  const guard = child.stdio[3];
  return guard && 'destroy' in guard && 'read' in guard ? guard : undefined;
}

type Ended = CommandOutcome['ended'];

function exitOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', why: error.message }));
    child.once('exit', (code, by) =>
      resolve(code === null ? { kind: 'killed', by: by ?? 'a signal' } : { kind: 'exited', code }),
    );
  });
}

interface Stop {
  /** No more stopping; what it was stopped for, if it was. */
  done(): Ended | undefined;
}

function createStop(child: ChildProcess, timeoutMs: number, signal: AbortSignal): Stop {
  let reason: Ended | undefined;
  let force: NodeJS.Timeout | undefined;
  const stop = (kind: 'timed-out' | 'aborted') => () => {
    if (reason) return;
    reason = { kind };
    killGroup(child, 'SIGTERM');
    force = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
  };
  const timer = setTimeout(stop('timed-out'), timeoutMs);
  const abort = stop('aborted');
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    done() {
      clearTimeout(timer);
      clearTimeout(force);
      signal.removeEventListener('abort', abort);
      return reason;
    },
  };
}

/** The guard keeps the group's number taken until the last of it is gone, so it is nobody else's. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

function drained(printed: Readable | null): Promise<void> {
  return new Promise((resolve) => {
    if (!printed || printed.closed) return resolve();
    const timer = setTimeout(() => printed.destroy(), DRAIN_MS);
    printed.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
