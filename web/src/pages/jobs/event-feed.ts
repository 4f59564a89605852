import { type ReadonlySignal, signal } from '@preact/signals';
import type { AppEvent } from '../../../../src/core/api/events.ts';
import type { JobEventInfo, JobEventsReply } from '../../../../src/core/api/jobs.ts';
import { api } from '../../api.ts';
import { asError } from '../loaded.ts';
import { watchWork } from '../work-feed.ts';

/** What a job did and said, as far as this page holds it. */
export interface EventFeed {
  /** Oldest first, each once. Null until the first answer. */
  readonly events: ReadonlySignal<readonly JobEventInfo[] | null>;
  readonly error: ReadonlySignal<Error | null>;
  /** There may be earlier ones that are not held. */
  readonly hasEarlier: ReadonlySignal<boolean>;
  /** Reads all of it from the beginning. */
  readAll(): Promise<void>;
  retry(): void;
  close(): void;
}

/** Whether there is something to read of it: what a job takes is kept nowhere. */
const tells = (event: AppEvent, id: string): boolean =>
  event.type !== 'job_usage' && 'job_id' in event && event.job_id === id;

const FIRST = 200;
const PAGE = 1_000;
/** What is older leaves the page: some 5 MB. */
const MOST_EVENTS = 5_000;

/** Reads the latest, then each that follows by its cursor whenever the server says that something happened. */
export function openEventFeed(id: string): EventFeed {
  const events = signal<readonly JobEventInfo[] | null>(null);
  const error = signal<Error | null>(null);
  const hasEarlier = signal(false);
  let isReading = false;
  let isBehind = false;

  const ask = (query: Readonly<Record<string, string | number | boolean>>) =>
    api<JobEventsReply>(`/api/jobs/${encodeURIComponent(id)}/events`, { query });

  async function begin(): Promise<void> {
    const reply = await ask({ latest: true, limit: FIRST });
    hasEarlier.value = reply.events.length === FIRST;
    events.value = reply.events;
  }

  async function goOn(held: readonly JobEventInfo[]): Promise<void> {
    const reply = await ask({ after: held.at(-1)?.seq ?? 0, limit: PAGE });
    if (reply.events.length === 0) return;
    events.value = [...held, ...reply.events].slice(-MOST_EVENTS);
    if (reply.events.length === PAGE) isBehind = true;
  }

  /** One at a time; what happens meanwhile is read in the next round. */
  async function read(): Promise<void> {
    if (isReading) {
      isBehind = true;
      return;
    }
    isReading = true;
    try {
      do {
        isBehind = false;
        const held = events.peek();
        await (held === null ? begin() : goOn(held));
      } while (isBehind);
      error.value = null;
    } catch (thrown) {
      error.value = asError(thrown);
    } finally {
      isReading = false;
    }
  }

  const stop = watchWork((event) => {
    if (event === undefined || tells(event, id)) void read();
  });
  void read();

  return {
    events,
    error,
    hasEarlier,
    async readAll() {
      hasEarlier.value = false;
      events.value = [];
      await read();
    },
    retry: () => void read(),
    close: stop,
  };
}
