import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { err, ok, type Result } from '../../src/core/result.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';
import { watchMemory } from './memory-watch.ts';
import { type BuildKind, processArguments } from './process-rights.ts';
import type { BuildRefusal, BuildRule } from './refusal.ts';

export interface ProcessLimits {
  readonly deadlineMs: number;
  readonly memoryBytes: number;
  /** The most that the process may answer. */
  readonly answerBytes: number;
}

export interface Job {
  readonly kind: BuildKind;
  readonly settings: { readonly [name: string]: number };
  readonly input: Uint8Array;
}

/** The end of what a process wrote to its error output, for the message when it crashes. */
const STDERR_BYTES = 2000;

/** Runs one job in a process of its own and kills it, by SIGKILL, in every case but a timely answer. */
export function runBuilder(
  job: Job,
  limits: ProcessLimits,
  signal: AbortSignal,
): Promise<Result<Frame, BuildRefusal>> {
  const { promise, resolve } = Promise.withResolvers<Result<Frame, BuildRefusal>>();
  const child = spawn(process.execPath, processArguments(job.kind), {
    cwd: tmpdir(),
    env: {},
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  const stop = (rule: BuildRule, message: string): void => {
    child.kill('SIGKILL');
    resolve(refuse(rule, message));
  };
  const answer = collect(readable(child.stdio[3]), limits.answerBytes, () =>
    stop('builder-crashed', 'The builder answered more than any build can yield.'),
  );
  const complaint = collectEnd(readable(child.stderr));
  const unwatch = watch(child, limits, signal, stop);
  child.once('error', (error) => stop('builder-crashed', `The builder cannot be started: ${error.message}`));
  child.once('close', (code, fatal) => {
    unwatch();
    resolve(code === 0 ? readAnswer(answer()) : crash(code ?? fatal, complaint()));
  });
  send(child.stdin, encodeFrame({ kind: job.kind, limits: job.settings }, [job.input]));
  return promise;
}

const refuse = (rule: BuildRule, message: string): Result<never, BuildRefusal> => err({ rule, message });

type Stop = (rule: BuildRule, message: string) => void;

function watch(child: ChildProcess, limits: ProcessLimits, signal: AbortSignal, stop: Stop): () => void {
  const { deadlineMs, memoryBytes } = limits;
  const aborted = (): void => stop('aborted', 'The build was cancelled.');
  const late = setTimeout(() => stop('deadline', deadlineMessage(deadlineMs)), deadlineMs);
  const unwatch = watchMemory(child.pid ?? 0, memoryBytes, () => stop('memory', memoryMessage(memoryBytes)));
  if (signal.aborted) aborted();
  signal.addEventListener('abort', aborted);
  return () => {
    clearTimeout(late);
    unwatch();
    signal.removeEventListener('abort', aborted);
  };
}

const deadlineMessage = (ms: number): string =>
  `The build took longer than ${ms / 1000} s. A tool in JavaScript must not do its work at the top level, which runs while it is built.`;

const memoryMessage = (bytes: number): string =>
  `The build took more than ${Math.round(bytes / 1024 / 1024)} MiB of memory. A tool in JavaScript must not do its work at the top level, which runs while it is built.`;

const crash = (how: number | string | null, complaint: string): Result<never, BuildRefusal> =>
  refuse('builder-crashed', `The builder ended with ${how}: ${complaint || 'it said nothing'}`);

function readAnswer(bytes: Uint8Array): Result<Frame, BuildRefusal> {
  const frame = decodeFrame(bytes);
  return frame ? ok(frame) : refuse('builder-crashed', 'The builder gave no proper answer.');
}

function send(input: Writable | null, pieces: readonly Uint8Array[]): void {
  // A process that dies early closes its input; its exit says why.
  input?.on('error', () => {});
  for (const piece of pieces) input?.write(piece);
  input?.end();
}

/** Gathers a stream. Returns what there is so far. */
function collect(stream: Readable, maxBytes: number, exceeded: () => void): () => Uint8Array {
  const pieces: Uint8Array[] = [];
  let size = 0;
  stream.on('data', (piece: Uint8Array) => {
    size += piece.length;
    if (size <= maxBytes) pieces.push(piece);
    else exceeded();
  });
  return () => Buffer.concat(pieces);
}

function collectEnd(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-STDERR_BYTES);
  });
  return () => text.trim();
}

function readable(stream: Readable | Writable | null | undefined): Readable {
  if (stream && 'read' in stream) return stream;
  throw new Error('the builder process has no pipe to answer on');
}
