import { StringDecoder } from 'node:string_decoder';
import type Dockerode from 'dockerode';
import { ContainerError } from '../container-error.ts';
import type { Container, ContainerEnd, ContainerPurpose } from '../containers.ts';
import { consumed, eachObject } from './consume.ts';
import { demultiplexer } from './demultiplex.ts';
import { watchDisk } from './disk-watch.ts';
import { containerErrorOf, statusOf } from './docker-failure.ts';
import { execIn } from './exec.ts';
import { statsOf } from './stats.ts';
import { containerAccount, handOver, type SharedFolder } from './workspace-owner.ts';

export interface HandleParts {
  readonly docker: Dockerode;
  readonly socketPath: string;
  readonly container: Dockerode.Container;
  readonly purpose: ContainerPurpose;
  /** Its workspace on the host, where it may write there. */
  readonly shared?: SharedFolder;
  /** By how much that may grow, in mebibytes; absent: not limited. */
  readonly growthMb?: number;
}

/** One container, as it is used. Its disk is watched until it has ended. */
export function containerHandle(parts: HandleParts): Container {
  const { docker, socketPath, container, purpose, shared, growthMb } = parts;
  const own = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (thrown) {
      throw containerErrorOf(thrown, socketPath);
    }
  };
  const kill = (): Promise<void> => own(() => ifThere(() => container.kill()));
  let isFull = false;
  let isStopped = false;
  const full = (): void => {
    isFull = true;
    // The daemon may be gone; then so is the container.
    kill().catch(() => undefined);
  };
  const isWatched = shared !== undefined && growthMb !== undefined;
  const unwatch = isWatched
    ? watchDisk({ folder: shared.folder, mebibytes: growthMb, onFull: full })
    : () => undefined;
  let end: Promise<ContainerEnd> | undefined;
  const ended = (): Promise<ContainerEnd> => {
    end ??= own(() => endOf(container, () => (isFull ? 'disk' : isStopped ? 'stop' : undefined))).finally(
      unwatch,
    );
    return end;
  };
  // Somebody has to notice the end, so that the watch ends with it.
  if (isWatched) ended().catch(() => undefined);

  return {
    id: container.id,
    purpose,
    exec: (command) =>
      own(async () => {
        // What we put into the workspace since the last command belongs to us.
        if (shared) await handOver(shared, containerAccount());
        try {
          return await execIn(docker, container, command, { kill, ended });
        } catch (thrown) {
          throw isFull ? new ContainerError('gone', DISK_FULL, { cause: thrown }) : thrown;
        }
      }),
    logs: (onOutput, signal) => own(() => follow(container, onOutput, signal)),
    stats: (onSample, signal) => own(() => sample(container, onSample, signal)),
    shortages: (onShortage, signal) => own(() => awaitShortages(docker, container.id, onShortage, signal)),
    ended,
    stop(graceMs) {
      isStopped = true;
      return own(() => ifThere(() => container.stop({ t: Math.ceil(graceMs / 1000) })));
    },
    async remove() {
      unwatch();
      await own(() => ifThere(() => container.remove({ force: true, v: true })));
    },
  };
}

const DISK_FULL = 'The container was ended: it wrote more into its workspace than it may.';

/** Of what is gone (404), has stopped (304, 409) or is being removed (409) nothing more is wanted. */
async function ifThere(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status !== 404 && status !== 304 && status !== 409) throw thrown;
  }
}

/** What we ended it for, if we did. The daemon remembers a shortage of memory also where that was not its end. */
async function endOf(
  container: Dockerode.Container,
  endedFor: () => 'disk' | 'stop' | undefined,
): Promise<ContainerEnd> {
  const waited: unknown = await container.wait();
  const exitCode =
    waited instanceof Object && 'StatusCode' in waited && typeof waited.StatusCode === 'number'
      ? waited.StatusCode
      : -1;
  const state = await container.inspect().then(
    ({ State }) => State,
    () => undefined,
  );
  const reason = endedFor();
  const outOfMemory = reason === undefined && exitCode === 137 && (state?.OOMKilled ?? false);
  return { exitCode, outOfMemory, diskFull: reason === 'disk' };
}

async function follow(
  container: Dockerode.Container,
  onOutput: Parameters<Container['logs']>[0],
  signal: AbortSignal,
): Promise<void> {
  const stream = await container.logs({ follow: true, stdout: true, stderr: true });
  const decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  const take = demultiplexer((name, bytes) => onOutput({ stream: name, text: decoders[name].write(bytes) }));
  await consumed(stream, take, signal);
}

async function sample(
  container: Dockerode.Container,
  onSample: Parameters<Container['stats']>[0],
  signal: AbortSignal,
): Promise<void> {
  const stream = await container.stats({ stream: true });
  const take = eachObject((told: Dockerode.ContainerStats) => {
    const stats = statsOf(told);
    if (stats) onSample(stats);
  });
  await consumed(stream, take, signal);
}

async function awaitShortages(
  docker: Dockerode,
  id: string,
  onShortage: () => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await docker.getEvents({ filters: { container: [id], event: ['oom'] } });
  await consumed(stream, eachObject(onShortage), signal);
}
