import { z } from 'zod';
import { jsonText, type Queryable, type Statement, shardOf, storableText } from '../storage/index.ts';

export const jobKey = (jobId: string): string => `${PREFIX}${jobId}`;
export const isJobKey = (key: string): boolean => key.startsWith(PREFIX);
export const jobOfKey = (key: string): string => key.slice(PREFIX.length);

const PREFIX = 'job/';

/** What a job can be told. */
export type JobMessage =
  | { readonly type: 'job.cancel'; readonly reason: string }
  | { readonly type: 'job.judge'; readonly verdict: 'accept' | 'reject'; readonly reason: string | null }
  | { readonly type: 'result.read' };

export interface NewMessage {
  readonly inboxId: string;
  readonly jobId: string;
  /** The same again is the same message. */
  readonly externalId: string;
  readonly message: JobMessage;
  /** ISO 8601. */
  readonly at: string;
}

/** Writes down for good what a job is told; it acts on it whatever happens to the process. */
export function tellJob({ inboxId, jobId, externalId, message, at }: NewMessage): Statement {
  const key = jobKey(jobId);
  return {
    sql: TELL,
    params: [inboxId, storableText(`${jobId}/${externalId}`), shardOf(key), key, jsonText(message), at],
  };
}

/** Names the inbox of jobs beside those of the channels. */
const TELL = `
  insert into inbox (id, channel, external_id, shard, actor_key, payload, accepted_at)
  values ($1::text, 'work', $2::text, $3::smallint, $4::text, $5::text::jsonb, $6::text::timestamptz)
  on conflict (channel, external_id) do nothing`;

/** A message with its place in the inbox. */
export type OpenMessage = JobMessage & { readonly inboxId: string };

/** What a job was told and has not dealt with, oldest first. */
export async function openMessages(database: Queryable, jobId: string): Promise<readonly OpenMessage[]> {
  const { rows } = await database.query<MessageRow>(openMessagesOf('$1::text'), [jobKey(jobId)]);
  return rows.map(openMessage);
}

export interface MessageRow extends Record<string, unknown> {
  readonly id: string;
  readonly payload: unknown;
}

export const openMessage = ({ id, payload }: MessageRow): OpenMessage => ({
  ...message.parse(payload),
  inboxId: id,
});

/** Rows of `MessageRow`. */
export const openMessagesOf = (actorKey: string): string => `
  select id, payload from inbox where actor_key = ${actorKey} and done_at is null order by id limit 100`;

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job.cancel'), reason: z.string() }),
  z.object({
    type: z.literal('job.judge'),
    verdict: z.enum(['accept', 'reject']),
    reason: z.string().nullable(),
  }),
  z.object({ type: z.literal('result.read') }),
]);
