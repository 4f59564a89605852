import type { Assistant, LiveEvent } from '../core/assistant.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Outbound } from './outbound.ts';

/** One conversation pushed to one client: what is in the journal after a cursor, then what happens. */
export interface Subscription {
  stop(): void;
}

export interface SubscriptionOptions {
  readonly assistant: Assistant;
  readonly conversationId: string;
  readonly after: number;
  /** Nothing came after that yet, so that there is nothing to read first. */
  readonly live?: boolean;
  readonly outbound: SubscriptionOutbound;
  /** Called once, between the last entry of the past and the first live one, with the cursor between them. */
  readonly onCaughtUp: (cursor: number) => void;
  /** The journal could not be read; the subscription has stopped. */
  readonly onFailure: (error: unknown) => void;
}

/** What a subscription writes into. `onSkipped` is told of each live event that was left out because the client is behind. */
export type SubscriptionOutbound = Pick<Outbound, 'push' | 'congested' | 'wantsPause' | 'ready'> & {
  readonly onSkipped?: () => void;
};

const PAGE = 64;

/**
 * | state     | live entry                                        | delta   |
 * |-----------|---------------------------------------------------|---------|
 * | `reading` | its number is noted; the journal is read up to it | dropped |
 * | `live`    | next in line: pushed; else back to `reading`      | pushed  |
 *
 * Watching starts before the first page is read, so no entry falls between the two. Live entries are never
 * buffered: the journal keeps them, and a slow client costs one page of memory.
 */
export function startSubscription(options: SubscriptionOptions): Subscription {
  const { assistant, conversationId, outbound } = options;
  let state: 'reading' | 'live' | 'stopped' = 'reading';
  /** The newest entry that was announced, which is the least that must be read. */
  let announced = 0;
  let last = options.after;
  let caughtUp = false;

  const stopWatching = assistant.watch(conversationId, onEvent);
  const stop = () => {
    state = 'stopped';
    stopWatching();
  };
  if (options.live) goLive();
  else
    run(async () => {
      last = await cursorWithinJournal(options);
      await readToEnd();
    });
  return { stop };

  function isStopped(): boolean {
    return state === 'stopped';
  }

  function run(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (isStopped()) return;
      stop();
      options.onFailure(error);
    });
  }

  function onEvent(event: LiveEvent): void {
    if (event.type === 'entry') onEntry(event.entry);
    else if (state !== 'live') return;
    else if (outbound.congested) outbound.onSkipped?.();
    else outbound.push({ ...event, conversationId });
  }

  function onEntry(entry: JournalEntry): void {
    announced = Math.max(announced, entry.seq);
    if (state !== 'live' || entry.seq <= last) return;
    if (entry.seq === last + 1 && !outbound.congested) {
      push(entry);
    } else {
      state = 'reading';
      run(readToEnd);
    }
  }

  async function readToEnd(): Promise<void> {
    let reachedEnd = false;
    while (!reachedEnd) {
      await outbound.ready();
      if (isStopped()) return;
      const promised = announced;
      const page = await assistant.entries(conversationId, { after: last, limit: PAGE });
      if (page.length === 0 && promised > last)
        throw new Error(`entry ${promised} was announced but not stored`);
      await pushPage(page);
      if (isStopped()) return;
      reachedEnd = page.length < PAGE && announced <= last;
    }
    goLive();
  }

  /** In the same tick as the check that nothing is left to read, or an entry could fall between the two. */
  function goLive(): void {
    if (!caughtUp) options.onCaughtUp(last);
    caughtUp = true;
    state = 'live';
  }

  async function pushPage(page: readonly JournalEntry[]): Promise<void> {
    for (const entry of page) {
      if (outbound.wantsPause) await outbound.ready();
      if (isStopped()) return;
      push(entry);
    }
  }

  function push(entry: JournalEntry): void {
    outbound.push({ type: 'entry', conversationId, entry });
    last = entry.seq;
  }
}

/** A client may be ahead of a journal that was restored from a backup: then it goes on from the journal's end. */
async function cursorWithinJournal({
  assistant,
  conversationId,
  after,
}: SubscriptionOptions): Promise<number> {
  if (after === 0) return 0;
  const [newest] = await assistant.entries(conversationId, { before: after + 1, limit: 1 });
  return Math.min(after, newest?.seq ?? 0);
}
