import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ProgramSetting } from './bridge-program.ts';

/** A foreign program that runs, with all that it starts. */
export interface Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** How it ended; `missing`: there is no such program. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Asks it to stop, and kills it where it does not. Safe to call again. */
  stop(): void;
}

export interface ChildEnd {
  readonly kind: 'exited' | 'killed' | 'missing';
  readonly code: number | null;
  /** The last of what it complained of. */
  readonly stderr: string;
}

const GRACE_MS = 2_000;
const STDERR_CHARACTERS = 4_000;

export function startChild(command: string, args: readonly string[], setting: ProgramSetting): Child {
  const child = spawn(command, args, {
    cwd: setting.workspace,
    env: setting.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that what it started goes with it.
    detached: true,
  });
  const ended = endOf(child);
  let timer: NodeJS.Timeout | undefined;
  void ended.then(() => clearTimeout(timer));
  // One that ends before it has read everything is no trouble of ours.
  child.stdin.on('error', () => {});
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended,
    stop() {
      if (timer) return;
      signalGroup(child.pid, 'SIGTERM');
      timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS);
      timer.unref();
    },
  };
}

function endOf(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<ChildEnd> {
  const { promise, resolve } = Promise.withResolvers<ChildEnd>();
  let stderr = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (piece: string) => {
    stderr = (stderr + piece).slice(-STDERR_CHARACTERS);
  });
  child.once('error', (error) => resolve({ kind: 'missing', code: null, stderr: error.message }));
  child.once('close', (code, signal) =>
    resolve({ kind: signal ? 'killed' : 'exited', code, stderr: stderr.trim() }),
  );
  return promise;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
