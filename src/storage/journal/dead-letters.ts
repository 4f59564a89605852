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

/** Dead letters of all actors, or of one; the latest first. */
export async function deadLetters(
  database: Queryable,
  { key = null, limit = 100 }: { readonly key?: string | null; readonly limit?: number } = {},
): Promise<readonly DeadLetter[]> {
  const { rows } = await database.query<{
    id: number;
    actor_key: string;
    seq: number;
    event: DeadLetter['event'];
    error: string;
    parked_at: Date;
  }>(
    `select id, actor_key, seq, event, error, parked_at from dead_letter
      where $1::text is null or actor_key = $1::text order by id desc limit $2`,
    [key, limit],
  );
  return rows.map(({ id, actor_key, seq, event, error, parked_at }) => ({
    id,
    actorKey: actor_key,
    seq,
    event,
    error,
    parkedAt: parked_at.toISOString(),
  }));
}
