import type { Queryable } from '../database.ts';

/** An event that an actor crashed on again and again, and that was put aside. */
export interface DeadLetter {
  readonly id: number;
  readonly actorKey: string;
  /** Number of the actor's last journal entry when it was put aside. */
  readonly seq: number;
  readonly event: { readonly type: string };
  /** What was thrown, with its stack. */
  readonly error: string;
  /** ISO 8601. */
  readonly parkedAt: string;
}

/** One of them; undefined where there is none with this id. */
export async function readDeadLetter(database: Queryable, id: number): Promise<DeadLetter | undefined> {
  const { rows } = await database.query<DeadLetterRow>(`${COLUMNS} where id = $1`, [id]);
  return rows.map(toLetter)[0];
}

/** Dead letters of all actors, or of one; the latest first. */
export async function deadLetters(
  database: Queryable,
  { key = null, limit = 100 }: { readonly key?: string | null; readonly limit?: number } = {},
): Promise<readonly DeadLetter[]> {
  const { rows } = await database.query<DeadLetterRow>(
    `${COLUMNS} where $1::text is null or actor_key = $1::text order by id desc limit $2`,
    [key, limit],
  );
  return rows.map(toLetter);
}

const COLUMNS = 'select id, actor_key, seq, event, error, parked_at from dead_letter';

interface DeadLetterRow extends Record<string, unknown> {
  readonly id: number;
  readonly actor_key: string;
  readonly seq: number;
  readonly event: DeadLetter['event'];
  readonly error: string;
  readonly parked_at: Date;
}

const toLetter = ({ id, actor_key, seq, event, error, parked_at }: DeadLetterRow): DeadLetter => ({
  id,
  actorKey: actor_key,
  seq,
  event,
  error,
  parkedAt: parked_at.toISOString(),
});
