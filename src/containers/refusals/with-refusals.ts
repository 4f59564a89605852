import type { Container, ContainerStats, Containers } from '../containers.ts';
import type { RefusalLog, RefusedContainer } from './refusal-log.ts';
import { refusalsIn } from './refusals-in.ts';

/** A command that is over by then is not worth a stream of figures. */
const SAMPLED_AFTER_MS = 1_000;

/**
 * The same containers; what they are refused is put on record. That the kernel ended a process for want of memory is told
 * by the daemon, on one connection for each container, which says nothing otherwise. That it is at its limit of processes
 * shows in its figures: those that somebody follows, and those of a command that takes more than a second. The rest is
 * in what commands print.
 */
export function withRefusals(containers: Containers, log: RefusalLog): Containers {
  const watched = new Set<string>();
  const noted = (container: Container): Container => {
    // One that is adopted again is watched already.
    if (!watched.has(container.id)) {
      watched.add(container.id);
      watch(container, log).finally(() => watched.delete(container.id));
    }
    return withNotes(container, log);
  };
  return {
    ...containers,
    start: async (order, signal) => noted(await containers.start(order, signal)),
    async adopt(id) {
      const found = await containers.adopt(id);
      return found && noted(found);
    },
  };
}

/** Until it has ended, or nobody knows of it any more. */
async function watch(container: Container, log: RefusalLog): Promise<void> {
  const over = new AbortController();
  let wasShort = false;
  const onShortage = (): void => {
    wasShort = true;
    log.note(container, { rule: 'memory-limit', evidence: 'daemon' });
  };
  // Where the daemon is lost, so is the container.
  container.shortages(onShortage, over.signal).catch(() => undefined);
  try {
    const { diskFull, outOfMemory } = await container.ended();
    if (diskFull) log.note(container, { rule: 'disk-limit', evidence: 'daemon' });
    // Its end may overtake the news of why.
    if (outOfMemory && !wasShort) onShortage();
  } catch {
    // It is gone, and how is not known.
  } finally {
    over.abort();
    log.close(container);
  }
}

function withNotes(container: Container, log: RefusalLog): Container {
  return {
    ...container,
    async exec(order) {
      const over = new AbortController();
      const onSample = processWatch(container, log);
      const sampled = setTimeout(() => {
        container.stats(onSample, over.signal).catch(() => undefined);
      }, SAMPLED_AFTER_MS);
      try {
        const result = await container.exec(order);
        for (const refusal of refusalsIn(`${result.stdout}\n${result.stderr}`)) log.note(container, refusal);
        return result;
      } finally {
        clearTimeout(sampled);
        over.abort();
      }
    },
    stats(onSample, signal) {
      const look = processWatch(container, log);
      return container.stats((sample) => {
        look(sample);
        onSample(sample);
      }, signal);
    },
  };
}

/** Notes that the limit is reached, and again only when it was not in between. */
function processWatch(container: RefusedContainer, log: RefusalLog): (sample: ContainerStats) => void {
  let isAtLimit = false;
  return ({ processes, processLimit }) => {
    const wasAtLimit = isAtLimit;
    isAtLimit = processLimit !== null && processLimit > 0 && processes >= processLimit;
    if (isAtLimit && !wasAtLimit) log.note(container, { rule: 'process-limit', evidence: 'daemon' });
  };
}
