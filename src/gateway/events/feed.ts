import type { Clock } from '../../core/clock.ts';
import { seqAt } from '../seq-at.ts';
import { type Cursor, parseCursor } from './cursor.ts';
import { feedAll } from './feed-all.ts';
import { type FeedOptions, feedThread, NOW } from './feed-thread.ts';
import { feedWork } from './feed-work.ts';
import { missed } from './missed.ts';

export interface EventsWanted {
  /** Absent: every thread. */
  readonly threadId?: string | undefined;
  /** How far the reader has got; absent: it begins now. */
  readonly lastEventId?: string | undefined;
}

/** Feeds a sink until it ends. What is no cursor counts as none, and the reader is told that it may have missed things. */
export function feed(
  options: FeedOptions & { readonly clock: Clock },
  { threadId, lastEventId = '' }: EventsWanted,
): void {
  const cursor = parseCursor(lastEventId);
  if (cursor === undefined && lastEventId !== '') {
    options.sink.push(missed({ threads: true }));
  }
  feedWork(options, threadId);
  const fed =
    threadId === undefined
      ? feedAll(options, ofAll(cursor, options.clock))
      : feedOne(options, threadId, cursor);
  fed.catch((error: unknown) => {
    options.log.error({ err: error }, 'threads could not be read');
    options.sink.end();
  });
}

async function feedOne(options: FeedOptions, threadId: string, cursor: Cursor | undefined): Promise<void> {
  feedThread(options, threadId, await placeIn(options, threadId, cursor));
}

async function placeIn(
  { assistant }: FeedOptions,
  threadId: string,
  cursor: Cursor | undefined,
): Promise<number> {
  if (cursor === undefined) return NOW;
  if (cursor.of === 'thread') return cursor.threadId === threadId ? cursor.seq : NOW;
  return cursor.seqs.get(threadId) ?? (await seqAt(assistant, threadId, cursor.since)) - 1;
}

function ofAll(cursor: Cursor | undefined, clock: Clock): Extract<Cursor, { of: 'all' }> | undefined {
  if (cursor?.of !== 'thread') return cursor;
  return { of: 'all', since: clock.now(), seqs: new Map([[cursor.threadId, cursor.seq]]) };
}
