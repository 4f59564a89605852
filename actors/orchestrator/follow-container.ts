import type { Container, ContainerStats } from '../../src/containers/index.ts';
import { jobEventStatement } from '../../src/work/index.ts';
import type { Environment } from '../environment.ts';
import { withoutSecrets } from '../secrecy.ts';

const MAX_LINES = 200;
const LONGEST_LINE = 2_000;
const LONGEST_END = 2_000;
const MEGABYTE = 1024 * 1024;

/** So often at most it is told live what it takes; the daemon says it each second. */
const LIVE_EVERY_MS = 3_000;

/** Of one container, until it ends. */
export interface Following {
  /** The end of what it wrote to its standard error, once it has ended. */
  readonly lastWords: Promise<string>;
  /** Follows no more; what it took most of is told. */
  end(): Promise<void>;
}

/**
 * What a container writes to its standard error becomes events of its job, line by line, 200 of them at most; so does,
 * at the end, how much it took. Lines are told apart by their place, so that one that is read again after a restart is
 * told once. What it takes meanwhile is told live, every three seconds, and not kept.
 */
export function followContainer(env: Environment, jobId: string, container: Container): Following {
  const over = new AbortController();
  const lines = createLines((line, at) => tell(`log/${container.id}/${at}`, { status: 'log', text: line }));
  const live = createLiveUsage(env, jobId);
  let most: Most | undefined;
  let telling = Promise.resolve();

  function tell(key: string, data: Readonly<Record<string, string | number>>): void {
    telling = telling
      .then(() => keep(env, jobId, key, data))
      .catch((error: unknown) =>
        env.log.debug({ jobId, err: error }, 'the output of a container was not kept'),
      );
  }

  const lastWords = container
    .logs(({ stream, text }) => stream === 'stderr' && lines.add(text), over.signal)
    .catch(() => undefined)
    .then(() => lines.end());
  void container
    .stats((sample) => {
      most = greater(most, sample);
      live(sample);
    }, over.signal)
    .catch(() => undefined);

  return {
    lastWords,
    async end() {
      over.abort();
      if (most) {
        const memory = Math.ceil(most.memoryBytes / MEGABYTE);
        tell(`used/${container.id}`, { status: 'used', memory_mb: memory, processes: most.processes });
      }
      await telling;
    },
  };
}

async function keep(
  env: Environment,
  jobId: string,
  key: string,
  data: Readonly<Record<string, string | number>>,
): Promise<void> {
  await env.knownReady();
  const at = new Date(env.clock.now()).toISOString();
  const clean = Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutSecrets(env, value) : value,
    ]),
  );
  const { results } = await env.database.commit([
    jobEventStatement(jobId, { key, type: 'status', data: clean }, at),
  ]);
  const seq = results[0]?.rows[0]?.seq;
  if (typeof seq !== 'number') return;
  env.feed.publishWork({ type: 'job-event', jobId, event: { seq, at, type: 'status', data: clean } });
}

type Most = Pick<ContainerStats, 'memoryBytes' | 'processes'>;

const greater = (before: Most | undefined, now: Most): Most => ({
  memoryBytes: Math.max(before?.memoryBytes ?? 0, now.memoryBytes),
  processes: Math.max(before?.processes ?? 0, now.processes),
});

function createLiveUsage({ feed, clock }: Environment, jobId: string): (sample: ContainerStats) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (sample) => {
    const now = clock.now();
    if (now - told < LIVE_EVERY_MS) return;
    told = now;
    feed.publishWork({ type: 'job-usage', jobId, usage: { at: new Date(now).toISOString(), ...sample } });
  };
}

/** Cuts a stream into lines. Holds no more than one long line and the end of all of them. */
function createLines(onLine: (line: string, at: number) => void) {
  let rest = '';
  let end = '';
  let count = 0;
  const take = (line: string): void => {
    if (line.trim() === '' || count >= MAX_LINES) return;
    onLine(line.slice(0, LONGEST_LINE).toWellFormed(), count++);
  };
  return {
    add(text: string): void {
      end = (end + text).slice(-LONGEST_END);
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
      lines.forEach(take);
    },
    /** @returns the end of all that was written */
    end(): string {
      take(rest);
      rest = '';
      return end.trim().toWellFormed();
    },
  };
}
