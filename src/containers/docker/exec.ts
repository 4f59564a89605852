import { StringDecoder } from 'node:string_decoder';
import type Dockerode from 'dockerode';
import { createCappedOutput } from '../../core/capped-output.ts';
import { ContainerError } from '../container-error.ts';
import type { ExecOrder, ExecResult } from '../containers.ts';
import { demultiplexer } from './demultiplex.ts';
import { launch, launcherVariables } from './inside.ts';

/** Of each stream, the first and the last half of it. */
const MAX_OUTPUT_BYTES = 64 * 1024;
/** Between asking a command to end and ending it. */
const GRACE_MS = 2_000;
/** Then it has to have ended; a container in which that does not work is ended as a whole. */
const PATIENCE_MS = GRACE_MS + 5_000;

/** The container as a whole. */
interface Whole {
  kill(): Promise<void>;
  ended(): Promise<unknown>;
}

/** For what the daemon still has to say of a command whose container has ended; it may forget to hang up. */
const DRAIN_MS = 500;

/** Runs a command in a container that is up. Rejects with what the daemon's client throws. */
export async function execIn(
  docker: Dockerode,
  container: Dockerode.Container,
  order: ExecOrder,
  whole: Whole,
): Promise<ExecResult> {
  const begun = Date.now();
  if (order.signal.aborted) return notBegun();
  const input = Buffer.from(order.stdin ?? '');
  const exec = await container.exec({
    Cmd: [...launch(order.command, input.length, GRACE_MS)],
    Env: Object.entries({ ...order.environment, ...launcherVariables() }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    WorkingDir: order.workdir ?? '/workspace',
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const output = collectOutput(order.onOutput);
  const stop = createStop(order, () => stream.end(), whole);
  stream.on('data', output.take);
  // The connection stays open for writing: its end is the sign for the command to be ended.
  if (input.length > 0) stream.write(input);
  const hangUp = (): unknown => setTimeout(() => stream.destroy(), DRAIN_MS);
  whole.ended().then(hangUp, hangUp);
  await closed(stream);
  const stopped = stop.done();
  const { ExitCode: exitCode } = await exec.inspect();
  const killed = exitCode === 137 && stopped === undefined;
  if (killed && (await endsWith(whole))) throw new ContainerError('gone', 'The container has ended.');
  return {
    ended: stopped ?? 'exited',
    exitCode: stopped === undefined ? exitCode : null,
    ...output.texts(),
    durationMs: Date.now() - begun,
    outOfMemory: killed && (await ranOutOfMemory(docker, container.id, begun)),
  };
}

/** Whether the command was killed because all of the container was, which is told a moment later. */
function endsWith(whole: Whole): Promise<boolean> {
  const over = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => over.resolve(false), DRAIN_MS);
  const ended = (): void => over.resolve(true);
  whole.ended().then(ended, ended);
  return over.promise.finally(() => clearTimeout(timer));
}

const notBegun = (): ExecResult => ({
  ended: 'aborted',
  exitCode: null,
  stdout: '',
  stderr: '',
  durationMs: 0,
  outOfMemory: false,
});

function collectOutput(onOutput: ExecOrder['onOutput']) {
  const kept = {
    stdout: createCappedOutput(MAX_OUTPUT_BYTES),
    stderr: createCappedOutput(MAX_OUTPUT_BYTES),
  };
  const decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  const take = demultiplexer((stream, bytes) => {
    kept[stream].add(bytes);
    const text = onOutput ? decoders[stream].write(bytes) : '';
    if (text !== '') onOutput?.({ stream, text });
  });
  return { take, texts: () => ({ stdout: kept.stdout.text(), stderr: kept.stderr.text() }) };
}

interface Stop {
  /** No more stopping; what it was stopped for, if it was. */
  done(): 'timed-out' | 'aborted' | undefined;
}

function createStop({ timeoutMs, signal }: ExecOrder, ask: () => void, whole: Whole): Stop {
  let reason: 'timed-out' | 'aborted' | undefined;
  let force: NodeJS.Timeout | undefined;
  const stop = (why: 'timed-out' | 'aborted') => (): void => {
    if (reason) return;
    reason = why;
    ask();
    // A container that is gone already is what was wanted.
    force = setTimeout(() => whole.kill().catch(() => undefined), PATIENCE_MS);
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

function closed(stream: NodeJS.ReadableStream & NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('end', () => {
      stream.end();
      resolve();
    });
    stream.once('close', () => resolve());
    stream.once('error', (error: Error) =>
      reject(new ContainerError('lost', `Docker stopped answering (${error.message}).`, { cause: error })),
    );
  });
}

/** The daemon keeps what it noticed lately. */
async function ranOutOfMemory(docker: Dockerode, container: string, since: number): Promise<boolean> {
  const events: NodeJS.ReadableStream = await docker.getEvents({
    since: since / 1000,
    until: Date.now() / 1000,
    filters: { container: [container], event: ['oom'] },
  });
  for await (const _ of events) return true;
  return false;
}
