import type { Database, Queryable, Statement } from '../storage/index.ts';

/** A beat that took place, is under way, or is wanted. Times are milliseconds since the Unix epoch. */
export interface BeatRow {
  readonly dueAt: number;
  readonly state: 'wanted' | 'claimed' | 'silent' | 'told' | 'failed';
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** What it said, or why it failed. */
  readonly detail: string | null;
}

/** The latest beats, newest first. */
export async function latestBeats(database: Queryable, limit: number): Promise<readonly BeatRow[]> {
  const { rows } = await database.query<Row>(
    `select due_at, state, attempts, started_at, ended_at, detail from heartbeat_beat order by due_at desc limit $1`,
    [limit],
  );
  return rows.map(({ due_at, started_at, ended_at, ...row }) => ({
    ...row,
    dueAt: due_at.getTime(),
    startedAt: started_at?.getTime() ?? null,
    endedAt: ended_at?.getTime() ?? null,
  }));
}

/** Whoever began a beat so long ago and has not ended it has died, in milliseconds. */
export const CLAIM_MS = 300_000;

/** Takes a beat: how often it was begun, this time included; undefined where somebody else has it, or it is over. */
export async function claimBeat(database: Database, dueAt: number, now: number): Promise<number | undefined> {
  const params = [new Date(dueAt), new Date(now), new Date(now - CLAIM_MS)];
  const { committed, results } = await database.commit([{ sql: CLAIM, params }]);
  const attempts = results[0]?.rows[0]?.attempts;
  return committed && typeof attempts === 'number' ? attempts : undefined;
}

/** Asks for a beat as soon as possible. */
export const wantBeat = (now: number): Statement => ({
  sql: `insert into heartbeat_beat (due_at, state) values ($1::timestamptz, 'wanted') on conflict do nothing`,
  params: [new Date(now)],
});

/** The outcome of a beat: to be the first statement of its unit, which is not done where somebody else took the beat. */
export function endBeat(
  { dueAt, attempt }: { readonly dueAt: string; readonly attempt: number },
  { state, detail }: { readonly state: 'silent' | 'told' | 'failed'; readonly detail: string | null },
  now: number,
): Statement {
  return { sql: END, params: [dueAt, attempt, state, new Date(now), detail] };
}

const CLAIM = `
  insert into heartbeat_beat as beat (due_at, state, attempts, started_at)
  values ($1::timestamptz, 'claimed', 1, $2::timestamptz)
  on conflict (due_at) do update
     set state = 'claimed', attempts = beat.attempts + 1, started_at = excluded.started_at
   where beat.state = 'wanted' or (beat.state = 'claimed' and beat.started_at <= $3::timestamptz)
  returning attempts`;

const END = `
  update heartbeat_beat set state = $3::text, ended_at = $4::timestamptz, detail = $5::text
   where due_at = $1::text::timestamptz and attempts = $2::integer and state = 'claimed'`;

interface Row extends Record<string, unknown> {
  readonly due_at: Date;
  readonly state: BeatRow['state'];
  readonly attempts: number;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly detail: string | null;
}
