import type { Clock } from '../../core/clock.ts';
import { IronbarkError } from '../../core/errors.ts';
import type { JournalRecord } from '../../core/journal.ts';
import type {
  CommittedStep,
  Crash,
  ActorJournal as DurableJournal,
  Step as DurableStep,
  DurableStore,
  IntendedEffect,
  JournalRow,
  OpenedActor,
} from '../../runtime/durable/index.ts';
import { FencedError, StaleInputError, UnsupportedVersionError } from '../../runtime/durable/index.ts';
import type { Database, Row, Statement } from '../database.ts';
import { jsonText } from './json-text.ts';
import { kindOf, shardOf } from './shard.ts';
import { type StepPlace, stepStatement } from './step-statement.ts';

export type ActorJournal = DurableJournal<JournalRecord, Statement>;
export type OpenedJournal = OpenedActor<JournalRecord, Statement>;
export type Step = DurableStep<JournalRecord, Statement>;

/** Durable actors as rows of the database. Their keys have the form `kind/id`. */
export function createActorStore<R extends JournalRow = JournalRecord>(
  database: Database,
  clock: Clock,
  epoch: number,
): DurableStore<R, Statement> {
  return {
    open: (key, version) => open<R>(database, clock, key, epoch, version),
    create: (key, version) => ({
      journal: createJournal<R>(database, clock, { key, life: 1, epoch, version, isNew: true }, 0),
      snapshot: null,
      version,
      openEffects: [],
      crash: null,
    }),
  };
}

/** Opens the place of one actor; see `DurableStore.open`. */
export function openJournal(
  database: Database,
  clock: Clock,
  key: string,
  epoch: number,
  version = 1,
): Promise<OpenedJournal> {
  return open(database, clock, key, epoch, version);
}

async function open<R extends JournalRow>(
  database: Database,
  clock: Clock,
  key: string,
  epoch: number,
  version: number,
): Promise<OpenedActor<R, Statement>> {
  // As a unit, so that those that begin at the same time share a flush.
  const { results } = await database.commit([
    { sql: OPEN, params: [key, shardOf(key), kindOf(key), epoch, version] },
  ]);
  const row = results[0]?.rows.find(isActorRow);
  if (!row) throw await refusal(database, key, version);
  // Read after the older lives have been fenced off, so that none of them can still change it.
  const openEffects = row.life === 1 ? [] : (await database.query<EffectRow>(OPEN_EFFECTS, [key])).rows;
  const place = { key, life: row.life, epoch, version, isNew: false };
  const journal = createJournal<R>(database, clock, place, row.seq);
  return { journal, snapshot: row.snapshot, version: row.version, openEffects, crash: row.crash };
}

interface ActorRow extends Record<string, unknown> {
  readonly seq: number;
  readonly life: number;
  readonly version: number;
  readonly snapshot: object | null;
  readonly crash: Crash | null;
}

const isActorRow = (row: Row): row is ActorRow => 'life' in row && 'snapshot' in row;

interface EffectRow extends IntendedEffect, Record<string, unknown> {
  readonly id: string;
}

/** Why an actor could not be opened. */
async function refusal(database: Database, key: string, version: number): Promise<Error> {
  const { rows } = await database.query<{ version: number; newer: boolean }>(WHY_NOT, [key, version]);
  const found = rows[0];
  if (!found?.newer) return new FencedError(key);
  return new UnsupportedVersionError(key, found.version, `versions up to ${version}`);
}

function createJournal<R extends JournalRow>(
  database: Database,
  clock: Clock,
  place: Omit<StepPlace, 'seq' | 'at'>,
  lastSeq: number,
): DurableJournal<R, Statement> {
  const { key, life, epoch, version } = place;
  let seq = lastSeq;
  let { isNew } = place;
  let tail: Promise<unknown> = Promise.resolve();

  /** Whether this life is still the latest: then it was not the fence that kept a step out. */
  async function isCurrent(): Promise<boolean> {
    if (isNew) return (await database.query(THERE, [key])).rowCount === 0;
    const { rowCount } = await database.query(CURRENT, [key, life, seq, epoch]);
    return rowCount > 0;
  }

  async function write<S extends DurableStep<R, Statement>>(
    plan: (firstSeq: number) => S,
    coming: (step: CommittedStep<R, S>) => void,
  ): Promise<CommittedStep<R, S>> {
    const first = seq + 1;
    const step = plan(first);
    const at = new Date(clock.now()).toISOString();
    const statement = stepStatement({ ...place, seq, at, isNew }, step);
    const writing = database.commit([statement, ...(step.writes ?? [])]);
    const written = {
      step,
      entries: step.records.map((record, place) => ({ seq: first + place, at, ...record })),
    };
    coming(written);
    const { committed } = await writing;
    if (!committed) throw (await isCurrent()) ? new StaleInputError(key) : new FencedError(key);
    seq += step.records.length;
    isNew = false;
    return written;
  }

  return {
    key,
    get seq() {
      return seq;
    },
    commit(plan, coming = () => {}) {
      const written = tail.then(() => write(plan, coming));
      tail = written.catch(() => {});
      return written;
    },
    async attempt() {
      const { rows } = await database.query<{ attempts: number }>(ATTEMPT, [key, life]);
      if (!rows[0]) throw new FencedError(key);
      return rows[0].attempts;
    },
    async crashed(crash, error) {
      if (isTroubleOfStorage(error)) return;
      const said = jsonText(crash);
      if (!isNew) await database.query(CRASHED, [key, life, said]);
      else await database.query(CRASHED_AT_BIRTH, [key, shardOf(key), kindOf(key), epoch, version, said]);
    },
  };
}

function isTroubleOfStorage(error: unknown): boolean {
  return error instanceof IronbarkError && error.kind === 'storage';
}

/** Not where a newer epoch owns the actor, and not where a newer version of its machine has stored its state. */
const OPEN = `
  insert into actor as a (key, shard, kind, epoch, life, version)
  values ($1::text, $2::smallint, $3::text, $4::bigint, 1, $5::integer)
  on conflict (key) do update set life = a.life + 1, epoch = $4::bigint
   where a.epoch <= $4::bigint and (a.snapshot is null or a.version <= $5::integer)
  returning seq, life, version, snapshot, crash`;

const WHY_NOT = `
  select version, snapshot is not null and version > $2::integer as newer from actor where key = $1::text`;

const OPEN_EFFECTS = `
  select id, kind, class, request from effect
   where actor_key = $1 and state = 'intended'
   order by intended_at, id`;

const ATTEMPT = `
  update actor set attempts = attempts + 1 where key = $1::text and life = $2::bigint returning attempts`;

const CURRENT = `
  select from actor where key = $1::text and life = $2::bigint and seq = $3::bigint and epoch <= $4::bigint`;

const THERE = 'select from actor where key = $1::text';

const CRASHED = `
  update actor set crash = $3::text::jsonb where key = $1::text and life = $2::bigint`;

/** Nobody knows of it yet: the next life is to know that there was one, and what of it died. */
const CRASHED_AT_BIRTH = `
  insert into actor (key, shard, kind, epoch, life, version, crash)
  values ($1::text, $2::smallint, $3::text, $4::bigint, 1, $5::integer, $6::text::jsonb)
  on conflict (key) do nothing`;
