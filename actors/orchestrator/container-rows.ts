import type { WorkEnd } from '../../src/core/orchestrator.ts';
import type { Queryable, Row, Statement } from '../../src/storage/index.ts';

/** What is known of the container of a job, whoever asks and whenever. */
export interface ContainerRow {
  readonly jobId: string;
  readonly mode: string;
  /** The effect that it works for. */
  readonly effectId: string;
  /** Containers of this effect, and of all of them. */
  readonly tries: number;
  readonly attempt: number;
  readonly containerId: string | null;
  readonly tokenHash: Uint8Array | null;
  readonly socketFolder: string;
  readonly stateFolder: string;
  /** Milliseconds since the Unix epoch; null: as long as it takes. */
  readonly deadline: number | null;
  /** The end that the work itself told. */
  readonly told: WorkEnd | null;
  /** How the effect ended. */
  readonly outcome: WorkOutcome | null;
  readonly session: string | null;
  readonly lastEvent: number;
  /** Of all that it told. */
  readonly eventBytes: number;
  readonly tokens: number;
  readonly costMicroUsd: number;
}

/** How the work in a container ended, whoever ended it. */
export interface WorkOutcome {
  readonly outcome: 'answered' | 'limited' | 'failed' | 'cancelled';
  readonly text: string;
  readonly origins: readonly string[];
}

interface StoredRow extends Row {
  readonly job_id: string;
  readonly mode: string;
  readonly effect_id: string;
  readonly tries: number;
  readonly attempt: number;
  readonly container_id: string | null;
  readonly token_hash: Uint8Array | null;
  readonly socket_folder: string;
  readonly state_folder: string;
  readonly deadline: Date | null;
  readonly told: WorkEnd | null;
  readonly outcome: WorkOutcome | null;
  readonly session: string | null;
  readonly last_event: number;
  readonly event_bytes: number;
  readonly tokens: number;
  readonly cost: number;
}

/** One look-up by primary key. */
export async function readContainer(database: Queryable, jobId: string): Promise<ContainerRow | undefined> {
  const { rows } = await database.query<StoredRow>(READ, [jobId]);
  return rows[0] && rowOf(rows[0]);
}

const READ = `
  select job_id, mode, effect_id, tries, attempt, container_id, token_hash, socket_folder, state_folder,
         deadline, told, outcome, session, last_event, event_bytes, tokens, cost
    from job_container where job_id = $1`;

const rowOf = (row: StoredRow): ContainerRow => ({
  jobId: row.job_id,
  mode: row.mode,
  effectId: row.effect_id,
  tries: row.tries,
  attempt: row.attempt,
  containerId: row.container_id,
  tokenHash: row.token_hash,
  socketFolder: row.socket_folder,
  stateFolder: row.state_folder,
  deadline: row.deadline?.getTime() ?? null,
  told: row.told,
  outcome: row.outcome,
  session: row.session,
  lastEvent: row.last_event,
  eventBytes: row.event_bytes,
  tokens: row.tokens,
  costMicroUsd: row.cost,
});

export interface NewTry {
  readonly jobId: string;
  readonly mode: string;
  readonly effectId: string;
  readonly tokenHash: Uint8Array;
  readonly socketFolder: string;
  readonly stateFolder: string;
  /** Milliseconds; null: no limit. Counts from the first container of the job. */
  readonly minutes: number | null;
  /** ISO 8601 */
  readonly at: string;
}

/** Another container is about to be started, and only it may speak for the job from now on. */
export const tryStatement = (order: NewTry): Statement => ({
  sql: `
    insert into job_container as c (job_id, mode, effect_id, tries, attempt, token_hash, socket_folder, state_folder,
                                    created_at, deadline)
    values ($1::text, $2::text, $3::text, 1, 1, $4::bytea, $5::text, $6::text, $7::text::timestamptz,
            $7::text::timestamptz + $8::float8 * interval '1 minute')
    on conflict (job_id) do update
       set tries = case when c.effect_id = excluded.effect_id then c.tries + 1 else 1 end,
           told = case when c.effect_id = excluded.effect_id then c.told end,
           outcome = case when c.effect_id = excluded.effect_id then c.outcome end,
           attempt = c.attempt + 1, effect_id = excluded.effect_id, token_hash = excluded.token_hash,
           container_id = null`,
  params: [
    order.jobId,
    order.mode,
    order.effectId,
    order.tokenHash,
    order.socketFolder,
    order.stateFolder,
    order.at,
    order.minutes,
  ],
});

/**
 * Something has happened in the work of a job.
 *
 * @param at ISO 8601
 */
export const progressStatement = (jobId: string, at: string): Statement => ({
  sql: 'update job set progress_at = $2::text::timestamptz where id = $1::text',
  params: [jobId, at],
});

export const startedStatement = (jobId: string, containerId: string): Statement => ({
  sql: `update job_container set container_id = $2::text where job_id = $1::text`,
  params: [jobId, containerId],
});

/** Of several ends the first one counts. The row comes back where this was it. */
export const toldStatement = (jobId: string, end: WorkEnd): Statement => ({
  sql: `update job_container set told = $2::text::jsonb
         where job_id = $1::text and told is null and token_hash is not null
        returning job_id`,
  params: [jobId, JSON.stringify(end)],
});

/** Its end is known, and nobody may speak for it any more. */
export const outcomeStatement = (jobId: string, effectId: string, outcome: WorkOutcome): Statement => ({
  sql: `update job_container
           set outcome = coalesce(outcome, $3::text::jsonb), token_hash = null, container_id = null
         where job_id = $1::text and effect_id = $2::text`,
  params: [jobId, effectId, JSON.stringify(outcome)],
});

/** Nobody may speak for it until another container is started. */
export const revokeStatement = (jobId: string): Statement => ({
  sql: `update job_container set token_hash = null, container_id = null where job_id = $1::text`,
  params: [jobId],
});

export const spentStatement = (jobId: string, tokens: number, costMicroUsd: number): Statement => ({
  sql: `update job_container set tokens = tokens + $2::bigint, cost = cost + $3::bigint where job_id = $1::text`,
  params: [jobId, tokens, Math.ceil(costMicroUsd)],
});

export const statusStatement = (jobId: string, status: string, session: string | undefined): Statement => ({
  sql: `update job_container set status = $2::text, session = coalesce($3::text, session) where job_id = $1::text`,
  params: [jobId, status, session ?? null],
});

/** A guard: an event that was told before, or comes from one that may not speak any more, touches no row. */
export const eventSeenStatement = (jobId: string, seq: number, bytes: number): Statement => ({
  sql: `update job_container set last_event = $2::bigint, event_bytes = event_bytes + $3::bigint
         where job_id = $1::text and last_event < $2::bigint and token_hash is not null
        returning job_id`,
  params: [jobId, seq, bytes],
});
