import type { LiveEvent } from '../../core/assistant.ts';
import type { Clock } from '../../core/clock.ts';
import { seqAt } from '../seq-at.ts';
import { type Subscription, startSubscription } from '../subscription.ts';
import { type Cursor, formatCursor } from './cursor.ts';
import { outboundOf } from './event-sink.ts';
import { type FeedOptions, NOW } from './feed-thread.ts';
import { missed } from './missed.ts';

/** For so long after its last entry a thread is listed in ids. Far longer than a commit takes. */
const LISTED_MS = 60_000;
/** Threads that are looked at when a reader comes back, and that are watched at the same time. */
const MAX_THREADS = 200;

const isRead = ({ caughtUp, last, announced }: Thread) => caughtUp && last >= announced;

/** Conversations of sub-agents: their work is told of in the thread that they work for. */
const isAgent = (threadId: string) => /^agent-[0-9a-f]{16}$/.test(threadId);

interface Thread {
  /** The last entry that went out; `NOW` where that is not known yet. */
  last: number;
  /** When that was made, in milliseconds. */
  lastAt: number;
  /** The newest entry that was announced. */
  announced: number;
  caughtUp: boolean;
  subscription: Subscription | undefined;
}

/**
 * Tells a sink of every thread until it ends: what the reader has missed since a cursor, then what happens. A thread is
 * subscribed to when something happens in it.
 */
export async function feedAll(
  options: FeedOptions & { readonly clock: Clock },
  from: Extract<Cursor, { of: 'all' }> | undefined,
): Promise<void> {
  const { assistant, sink, clock, log } = options;
  if (sink.ended.aborted) return;
  const threads = new Map<string, Thread>();
  const since = Math.min(from?.since ?? Number.POSITIVE_INFINITY, clock.now() - LISTED_MS);
  /** While the past is looked up: threads in which something happens, and the entry before it. */
  const early = new Map<string, number>();
  let state: 'starting' | 'told' = 'starting';
  const outbound = outboundOf(sink, (threadId, seq, at) => {
    const thread = threads.get(threadId);
    if (thread !== undefined) [thread.last, thread.lastAt] = [seq, Date.parse(at)];
    return cursor();
  });
  const stopWatching = assistant.watchAll(onEvent);
  sink.ended.addEventListener('abort', stop, { once: true });
  try {
    await (from === undefined ? startNow() : resume(from));
    state = 'told';
    for (const [threadId, last] of early) openAt(threadId, last);
    sink.push({ event: 'heartbeat', id: cursor(), data: { type: 'heartbeat' } });
  } catch (error) {
    fail(error);
  }

  /** What happened lately counts as read. */
  async function startNow(): Promise<void> {
    for (const { conversationId, lastActiveAt, cursor: last } of await assistant.conversations(MAX_THREADS)) {
      const lastAt = Date.parse(lastActiveAt);
      if (lastAt >= since && !early.has(conversationId)) {
        threads.set(conversationId, {
          last,
          lastAt,
          announced: last,
          caughtUp: true,
          subscription: undefined,
        });
      }
    }
  }

  async function resume({ since: then, seqs }: Extract<Cursor, { of: 'all' }>): Promise<void> {
    const latest = await assistant.conversations(MAX_THREADS);
    const changed = latest.filter(({ lastActiveAt }) => Date.parse(lastActiveAt) >= then);
    if (changed.length === MAX_THREADS) {
      sink.push(missed({ threads: true }));
    }
    const places = new Map(seqs);
    for (const { conversationId } of changed) {
      if (!places.has(conversationId))
        places.set(conversationId, (await seqAt(assistant, conversationId, then)) - 1);
    }
    // All at once: an id that goes out in between must name each of them.
    for (const [threadId, seq] of places) openAt(threadId, seq);
  }

  function openAt(threadId: string, last: number): void {
    if (threads.has(threadId) || sink.ended.aborted) return;
    const thread: Thread = {
      last,
      lastAt: clock.now(),
      announced: 0,
      caughtUp: false,
      subscription: undefined,
    };
    threads.set(threadId, thread);
    open(threadId, thread, false);
  }

  function onEvent(threadId: string, event: LiveEvent): void {
    if (isAgent(threadId)) return;
    if (state === 'starting') keep(threadId, event);
    else tell(threadId, event);
  }

  function tell(threadId: string, event: LiveEvent): void {
    const thread = threads.get(threadId) ?? begin(threadId, event);
    const isNext = event.type === 'entry' && event.entry.seq === thread.last + 1;
    if (event.type === 'entry') thread.announced = Math.max(thread.announced, event.entry.seq);
    if (thread.subscription === undefined) open(threadId, thread, isNext);
  }

  function keep(threadId: string, event: LiveEvent): void {
    if (!early.has(threadId)) early.set(threadId, event.type === 'entry' ? event.entry.seq - 1 : NOW);
  }

  function begin(threadId: string, event: LiveEvent): Thread {
    const last = event.type === 'entry' ? event.entry.seq - 1 : NOW;
    const thread: Thread = {
      last,
      lastAt: clock.now(),
      announced: 0,
      caughtUp: false,
      subscription: undefined,
    };
    makeRoom();
    threads.set(threadId, thread);
    return thread;
  }

  /** Whichever has nothing to tell is watched again when something happens in it. */
  function makeRoom(): void {
    if (threads.size < MAX_THREADS) return;
    const idle = [...threads].find(([, thread]) => isRead(thread));
    if (idle !== undefined) forget(...idle);
  }

  function open(threadId: string, thread: Thread, live: boolean): void {
    thread.caughtUp = false;
    thread.subscription = startSubscription({
      assistant,
      conversationId: threadId,
      after: thread.last,
      live,
      outbound,
      onCaughtUp(seq) {
        thread.last = seq;
        thread.caughtUp = true;
      },
      onFailure: fail,
    });
  }

  function forget(threadId: string, { subscription }: Thread): void {
    subscription?.stop();
    threads.delete(threadId);
  }

  /** Where every entry has got to, and from when on that has to be said. */
  function cursor(): string {
    const now = clock.now();
    const floor = Math.max(since, now - LISTED_MS);
    const seqs = new Map<string, number>();
    for (const [threadId, thread] of threads) {
      if (isRead(thread) && thread.lastAt < floor) forget(threadId, thread);
      else if (thread.last !== NOW) seqs.set(threadId, thread.last);
    }
    return formatCursor({ of: 'all', since: floor, seqs });
  }

  function fail(error: unknown): void {
    log.error({ err: error }, 'threads could not be read');
    sink.end();
  }

  function stop(): void {
    stopWatching();
    for (const [threadId, thread] of threads) forget(threadId, thread);
  }
}
