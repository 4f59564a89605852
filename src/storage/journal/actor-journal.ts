import type { Clock } from '../../core/clock.ts';
import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import type { Json } from '../../core/json.ts';
import type { Database, Statement, Value } from '../database.ts';
import { jsonText } from './json-text.ts';

/**
 * The right to write one actor's journal. Opened once per life of the actor; every step goes through it, one
 * after another. A step that does not follow on the last one in the database, or comes from an older epoch, was
 * made by an actor that has been replaced: it writes nothing and `commit` throws `FencedError`.
 */
export interface ActorJournal {
  readonly key: string;
  /** Number of the last entry. */
  readonly seq: number;
  /**
   * Commits one step: entries, snapshot, effects intended and finished, inbox rows taken, replies, all or nothing.
   * `plan` is told the number of the step's first entry, from which effect ids are made.
   */
  commit<S extends Step>(plan: (firstSeq: number) => S): Promise<CommittedStep<S>>;
}

export interface CommittedStep<S extends Step> {
  readonly step: S;
  /** Its records, as they now stand in the journal. */
  readonly entries: readonly JournalEntry[];
}

export interface Step {
  readonly records: readonly JournalRecord[];
  /** The statechart to restore from; null when there is no work left. */
  readonly snapshot: object | null;
  readonly intended?: readonly IntendedEffect[];
  /** Ids of effects whose outcome is among the records. */
  readonly finished?: readonly string[];
  /** Ids of inbox rows dealt with by this step. */
  readonly taken?: readonly string[];
  readonly replies?: readonly OutboxReply[];
  /** Further rows that belong to the step. */
  readonly writes?: readonly Statement[];
}

export interface IntendedEffect {
  readonly id: string;
  readonly kind: string;
  readonly class: 'pure' | 'idempotent' | 'unsafe';
  readonly request: Json;
}

export interface OutboxReply {
  readonly id: string;
  readonly channel: string;
  readonly payload: Json;
}

/** What an actor finds when it comes to life. */
export interface OpenedJournal {
  readonly journal: ActorJournal;
  readonly snapshot: object | null;
  /** Intended effects without an outcome, oldest first. */
  readonly openEffects: readonly IntendedEffect[];
  /** How often the actor has come to life since its last step, this time included; 0 where it has no work. */
  readonly attempts: number;
}

/** Another life of the same actor has taken over; this one must stop. */
export class FencedError extends Error {
  constructor(key: string) {
    super(`${key} has been taken over by another incarnation`);
    this.name = 'FencedError';
  }
}

/** Opens the journal of an actor whose row exists (`Inbox.accept` makes it). Undefined where it does not. */
export async function openJournal(
  database: Database,
  clock: Clock,
  key: string,
  epoch: number,
): Promise<OpenedJournal | undefined> {
  const [actor, effects] = await Promise.all([
    database.query<{ seq: number; snapshot: object | null; attempts: number }>(OPEN, [key, epoch]),
    database.query<{ id: string; kind: string; class: IntendedEffect['class']; request: Json }>(
      OPEN_EFFECTS,
      [key],
    ),
  ]);
  const row = actor.rows[0];
  if (!row) return undefined;
  return {
    journal: createJournal(database, clock, key, epoch, row.seq),
    snapshot: row.snapshot,
    openEffects: effects.rows,
    attempts: row.attempts,
  };
}

function createJournal(
  database: Database,
  clock: Clock,
  key: string,
  epoch: number,
  lastSeq: number,
): ActorJournal {
  let seq = lastSeq;
  let tail: Promise<unknown> = Promise.resolve();

  async function write<S extends Step>(plan: (firstSeq: number) => S): Promise<CommittedStep<S>> {
    const step = plan(seq + 1);
    const at = new Date(clock.now()).toISOString();
    const { committed } = await database.commit([
      stepStatement(key, seq, epoch, at, step),
      ...(step.writes ?? []),
    ]);
    if (!committed) throw new FencedError(key);
    const first = seq + 1;
    seq += step.records.length;
    return { step, entries: step.records.map((record, place) => ({ seq: first + place, at, ...record })) };
  }

  return {
    key,
    get seq() {
      return seq;
    },
    commit(plan) {
      const written = tail.then(() => write(plan));
      tail = written.catch(() => {});
      return written;
    },
  };
}

/**
 * One statement, so that on PostgreSQL a step is a single round trip. Everything hangs on the fence: where it
 * touches no row, nothing is written. Only the parts that a step has are in its text, since each costs time even
 * when it has nothing to do; there are a few combinations, each of which is prepared once.
 */
function stepStatement(key: string, seq: number, epoch: number, at: string, step: Step): Statement {
  const snapshot = step.snapshot === null ? null : jsonText(step.snapshot);
  const params: Value[] = [key, seq, step.records.length, epoch, snapshot, at, jsonText(step.records)];
  const parts = [FENCE, ENTRIES];
  const add = (part: (param: string) => string, value: Value): void => {
    parts.push(part(`$${params.push(value)}`));
  };
  if (step.intended?.length) add(INTENDED, jsonText(step.intended));
  if (step.finished?.length) add(FINISHED, step.finished);
  if (step.taken?.length) add(TAKEN, step.taken);
  if (step.replies?.length) add(REPLIES, jsonText(step.replies));
  return { sql: `with ${parts.join(', ')} select key from fence`, params };
}

/** Coming to life with work counts as an attempt; one without work has nothing that could fail. */
const OPEN = `
  update actor
     set attempts = case when snapshot is null then 0 else attempts + 1 end
   where key = $1 and epoch <= $2
  returning seq, snapshot, attempts`;

const OPEN_EFFECTS = `
  select id, kind, class, request from effect
   where actor_key = $1 and state = 'intended'
   order by intended_at, id`;

const FENCE = `
  fence as (
    update actor
       set seq = seq + $3::bigint, epoch = $4::bigint, snapshot = $5::text::jsonb, attempts = 0,
           updated_at = $6::text::timestamptz
     where key = $1::text and seq = $2::bigint and epoch <= $4::bigint
    returning key, shard
  )`;

const ENTRIES = `
  entries as (
    insert into journal (actor_key, seq, at, type, payload)
    select fence.key, $2::bigint + entry.place, $6::text::timestamptz, entry.record->>'type', entry.record - 'type'
      from fence, jsonb_array_elements($7::text::jsonb) with ordinality as entry (record, place)
  )`;

const INTENDED = (effects: string): string => `
  intended as (
    insert into effect (id, actor_key, kind, class, request, state, intended_at)
    select e.id, fence.key, e.kind, e.class, e.request, 'intended', $6::text::timestamptz
      from fence, jsonb_to_recordset(${effects}::text::jsonb) as e (id text, kind text, class text, request jsonb)
  )`;

const FINISHED = (ids: string): string => `
  finished as (
    update effect set state = 'done', done_at = $6::text::timestamptz
      from fence where effect.id = any (${ids}::text[])
  )`;

const TAKEN = (ids: string): string => `
  taken as (
    update inbox set done_at = $6::text::timestamptz
      from fence where inbox.id = any (${ids}::text[])
  )`;

const REPLIES = (replies: string): string => `
  replies as (
    insert into outbox (id, shard, actor_key, channel, payload, state, prepared_at)
    select r.id, fence.shard, fence.key, r.channel, r.payload, 'prepared', $6::text::timestamptz
      from fence, jsonb_to_recordset(${replies}::text::jsonb) as r (id text, channel text, payload jsonb)
  )`;
