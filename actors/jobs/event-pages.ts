import type { JobEvent } from '../../src/core/work.ts';
import type { Queryable } from '../../src/storage/index.ts';
import { readEntries } from '../../src/storage/journal/index.ts';
import { type Job, jobEventOf, readJobEvents } from '../../src/work/index.ts';
import { jobConversation, sessionKey } from '../conversation-key.ts';
import { runnerNameOf } from './runner.ts';

interface EventPage {
  readonly after?: number;
  readonly latest?: true;
  readonly limit: number;
}

const PAGE = 200;

/**
 * What a job did and said. Of one that is a conversation here, its journal tells; of others, what was told of them.
 * Cost: the entries of the page, and those between them that are nothing for people.
 */
export function readEvents(database: Queryable, job: Job, page: EventPage): Promise<readonly JobEvent[]> {
  if (runnerNameOf(job.work) !== 'local') return readJobEvents(database, job.id, page);
  const key = sessionKey(jobConversation(job.id));
  return page.latest ? latest(database, key, page.limit) : after(database, key, page);
}

async function after(
  database: Queryable,
  key: string,
  { after: cursor = 0, limit }: EventPage,
): Promise<readonly JobEvent[]> {
  const events: JobEvent[] = [];
  for (let seq = cursor; events.length < limit; ) {
    const entries = await readEntries(database, key, { after: seq, limit: PAGE });
    events.push(...entries.flatMap((entry) => jobEventOf(entry) ?? []));
    const last = entries.at(-1);
    if (!last || entries.length < PAGE) break;
    seq = last.seq;
  }
  return events.slice(0, limit);
}

async function latest(database: Queryable, key: string, limit: number): Promise<readonly JobEvent[]> {
  let events: readonly JobEvent[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; events.length < limit; ) {
    const entries = await readEntries(database, key, { before, limit: PAGE });
    events = [...entries.flatMap((entry) => jobEventOf(entry) ?? []), ...events];
    const [first] = entries;
    if (!first || entries.length < PAGE) break;
    before = first.seq;
  }
  return events.slice(-limit);
}
