import type { JsonObject } from '../core/json.ts';
import type { JobEvent } from '../core/work.ts';
import { jsonText, type Queryable, type Statement } from '../storage/index.ts';

export interface NewJobEvent {
  /** The same key of the same job again is the same event. */
  readonly key: string;
  readonly type: JobEvent['type'];
  readonly data: JsonObject;
}

/**
 * Something that a job did or said whose work is not a conversation here. It counts as progress. Returns the `seq` that
 * it was given; no row where it was told before.
 *
 * @param at ISO 8601
 */
export const jobEventStatement = (
  jobId: string,
  { key, type, data }: NewJobEvent,
  at: string,
): Statement => ({
  sql: ADD,
  params: [jobId, key, at, type, jsonText(data)],
});

/** The job's row is what events of one job are told apart and numbered by, also where several are told at once. */
const ADD = `
  with next as (
    update job set events = events + 1, progress_at = $3::text::timestamptz
     where id = $1::text and not exists (select from job_event where job_id = $1::text and key = $2::text)
    returning id, events
  )
  insert into job_event (job_id, seq, key, at, type, data)
  select id, events, $2::text, $3::text::timestamptz, $4::text, $5::text::jsonb from next
  on conflict (job_id, key) do nothing
  returning seq`;

export interface EventPage {
  readonly after?: number;
  readonly latest?: true;
  readonly limit: number;
}

/** Events of that kind, oldest first. */
export async function readJobEvents(
  database: Queryable,
  jobId: string,
  { after = 0, latest, limit }: EventPage,
): Promise<readonly JobEvent[]> {
  const { rows } = await database.query<EventRow>(latest ? LATEST : AFTER, [jobId, after, limit]);
  const events = rows.map(({ seq, at, type, data }) => ({ seq, at: at.toISOString(), type, data }));
  return latest ? events.reverse() : events;
}

interface EventRow extends Record<string, unknown> {
  readonly seq: number;
  readonly at: Date;
  readonly type: JobEvent['type'];
  readonly data: JsonObject;
}

const EVENTS =
  'select seq, at, type, data from job_event where job_id = $1::text and seq > $2::integer order by seq';
const AFTER = `${EVENTS} limit $3::integer`;
const LATEST = `${EVENTS} desc limit $3::integer`;
