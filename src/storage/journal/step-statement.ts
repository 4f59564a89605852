import type { JournalRow, Step } from '../../runtime/durable/index.ts';
import type { Statement, Value } from '../database.ts';
import { jsonText } from './json-text.ts';
import { kindOf, shardOf } from './shard.ts';

/** Whose step it is, and what it must follow on. */
export interface StepPlace {
  readonly key: string;
  /** Number of the last entry. */
  readonly seq: number;
  readonly life: number;
  readonly epoch: number;
  /** Of the machine. */
  readonly version: number;
  /** It is the first that is written of the actor. */
  readonly isNew: boolean;
  /** The moment of the step, ISO 8601. */
  readonly at: string;
}

/**
 * One statement, so that on PostgreSQL a step is a single round trip. Everything hangs on the fence: where it
 * touches no row, nothing is written. Only the parts that a step has are in its text, since each costs time even
 * when it has nothing to do; there are a few combinations, each of which is prepared once.
 */
export function stepStatement(place: StepPlace, step: Step<JournalRow, Statement>): Statement {
  const { key, seq, life, epoch, version, isNew, at } = place;
  const snapshot = step.snapshot === null ? null : jsonText(step.snapshot);
  const { records } = step;
  const params: Value[] = [key, seq, records.length, epoch, snapshot, at, jsonText(records), life, version];
  const inputs = isAmong(step.taken ?? [], params);
  // What is put aside is taken as it is: a crash may have come after its commit.
  const open = inputs && !step.parked ? allOpen(inputs, step.taken?.length ?? 0) : '';
  const birth = (): string => newcomer(`$${params.push(shardOf(key))}`, `$${params.push(kindOf(key))}`, open);
  const parts = [isNew ? birth() : fence(open), ENTRIES];
  const add = (part: (param: string) => string, value: Value): void => {
    parts.push(part(`$${params.push(value)}`));
  };
  if (step.intended?.length) add(INTENDED, jsonText(step.intended));
  const ended = isAmong(step.finished ?? [], params);
  if (ended) parts.push(finished(ended));
  if (inputs) parts.push(taken(inputs));
  if (step.replies?.length) add(REPLIES, jsonText(step.replies));
  if (step.parked) add(PARKED, jsonText(step.parked));
  return { sql: `with ${parts.join(', ')} select key from fence`, params };
}

/** How to tell rows by their ids; a single one by `=`, which spares PostgreSQL a new plan for each list. */
function isAmong(ids: readonly string[], params: Value[]): string | undefined {
  const [first, ...rest] = ids;
  if (first === undefined) return undefined;
  return rest.length === 0 ? `= $${params.push(first)}::text` : `= any ($${params.push(ids)}::text[])`;
}

/** @param open what else must hold: that all inputs which the step takes in are there to be taken */
const fence = (open: string): string => `
  fence as (
    update actor
       set seq = seq + $3::bigint, epoch = $4::bigint, snapshot = $5::text::jsonb, version = $9::integer,
           attempts = 0, crash = null, updated_at = $6::text::timestamptz
     where key = $1::text and seq = $2::bigint and life = $8::bigint and epoch <= $4::bigint${open}
    returning key, shard
  )`;

const newcomer = (shard: string, kind: string, open: string): string => `
  fence as (
    insert into actor (key, shard, kind, seq, epoch, life, version, snapshot, updated_at)
    select $1::text, ${shard}::smallint, ${kind}::text, $2::bigint + $3::bigint, $4::bigint, $8::bigint, $9::integer,
           $5::text::jsonb, $6::text::timestamptz
     where true${open}
    on conflict (key) do nothing
    returning key, shard
  )`;

const allOpen = (inputs: string, count: number): string => `
       and (select count(*) from inbox where id ${inputs} and done_at is null) = ${count}`;

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

const finished = (effects: string): string => `
  finished as (
    update effect set state = 'done', done_at = $6::text::timestamptz
      from fence where effect.id ${effects}
  )`;

const taken = (inputs: string): string => `
  taken as (
    update inbox set done_at = $6::text::timestamptz
      from fence where inbox.id ${inputs}
  )`;

const REPLIES = (replies: string): string => `
  replies as (
    insert into outbox (id, shard, actor_key, channel, payload, state, prepared_at)
    select r.id, fence.shard, fence.key, r.channel, r.payload, 'prepared', $6::text::timestamptz
      from fence, jsonb_to_recordset(${replies}::text::jsonb) as r (id text, channel text, payload jsonb)
  )`;

const PARKED = (letter: string): string => `
  parked as (
    insert into dead_letter (actor_key, seq, event, error, parked_at)
    select fence.key, $2::bigint, l.letter->'event', l.letter->>'error', $6::text::timestamptz
      from fence, (select ${letter}::text::jsonb as letter) as l
  )`;
