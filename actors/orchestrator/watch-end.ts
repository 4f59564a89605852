import { setTimeout as delay } from 'node:timers/promises';
import {
  type Container,
  type ContainerEnd,
  ContainerError,
  type Containers,
} from '../../src/containers/index.ts';
import type { Environment } from '../environment.ts';
import type { ContainerParts } from './container-plan.ts';
import { readContainer } from './container-rows.ts';

/** What ended the work in a container. */
export type Ended =
  | { readonly kind: 'told' }
  | { readonly kind: 'overdue' }
  | { readonly kind: 'exited'; readonly end: ContainerEnd }
  /** The daemon does not answer any more. */
  | { readonly kind: 'lost' };

/** Timers take no longer times. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How often it is asked whether the container still runs: a daemon that dies takes its answer with it. */
const LOOK_MS = 5_000;

export interface Watched {
  readonly jobId: string;
  readonly container: Container;
}

/** Waits for whatever comes first. Costs one question to the daemon every five seconds. */
export async function endOf(
  { database, clock }: Environment,
  { bells, containers }: Pick<ContainerParts, 'bells' | 'containers'>,
  { jobId, container }: Watched,
  signal: AbortSignal,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const over = new AbortController();
  const unlisten = bells.listen(jobId, () => resolve({ kind: 'told' }));
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    // Read after the bell is there to be heard.
    const row = await readContainer(database, jobId);
    if (row?.told) return { kind: 'told' };
    if (row?.deadline) {
      const left = Math.max(0, row.deadline - clock.now());
      timer = setTimeout(() => resolve({ kind: 'overdue' }), Math.min(left, LONGEST_TIMER_MS));
    }
    exitOf(container).then(resolve);
    look(containers, container.id, over.signal).then(resolve, () => resolve({ kind: 'lost' }));
    return await promise;
  } finally {
    over.abort();
    clearTimeout(timer);
    unlisten();
  }
}

const exitOf = (container: Container): Promise<Ended> =>
  container.ended().then((end) => ({ kind: 'exited', end }), afterTrouble);

/** Resolves when it does not run any more. Rejects where the daemon does not answer. */
async function look(containers: Containers, id: string, over: AbortSignal): Promise<Ended> {
  for (;;) {
    await delay(LOOK_MS, undefined, { signal: over });
    const found = (await containers.mine()).find((one) => one.id === id);
    if (found?.running) continue;
    const ended = found && (await containers.adopt(id));
    return ended ? exitOf(ended) : GONE;
  }
}

const GONE: Ended = { kind: 'exited', end: { exitCode: -1, outOfMemory: false, diskFull: false } };

/** One that is gone has ended, and nobody knows how. */
function afterTrouble(thrown: unknown): Ended {
  return thrown instanceof ContainerError && thrown.kind === 'gone' ? GONE : { kind: 'lost' };
}
