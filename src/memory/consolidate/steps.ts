import type { MemoryStep } from '../../core/memory.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Database, Queryable, Statement } from '../../storage/index.ts';
import type { Inheritance, PlannedStep } from './planned-step.ts';

/** So long a step can be undone, in days: until then it holds its documents as they were. */
export const UNDO_DAYS = 90;
/** So long it is told of. */
const KEPT_DAYS = 400;
const DAY_MS = 86_400_000;

/** Longest reason, in characters. */
const MOST_CHARACTERS = 600;

export interface StepMark {
  readonly id: string;
  /** Of the run that it belongs to. */
  readonly run: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Does a step in one commit. False where somebody changed one of its documents meanwhile: then nothing is done. */
export async function applyStep(database: Database, step: PlannedStep, mark: StepMark): Promise<boolean> {
  const { committed } = await database.commit([
    guard(step, mark),
    ...step.inherits.flatMap((one) => inherit(one, mark.id)),
    ...step.writes,
    ...remove(step.removes),
    { sql: MARK_AFTER, params: [mark.id] },
  ]);
  return committed;
}

function guard({ changes, leansOn, creates, removes, ...step }: PlannedStep, mark: StepMark): Statement {
  const seen = [...changes, ...leansOn];
  const paths = [...changes.map(({ path }) => path), ...creates];
  return {
    sql: GUARD,
    params: [
      seen.map(({ path }) => path),
      seen.map(({ version }) => version),
      mark.id,
      mark.run,
      new Date(mark.at),
      step.action,
      paths,
      shortened(step.reason),
      removes,
      creates,
    ],
  };
}

const shortened = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…`;

/** The rows are locked from here on, so the snapshots are of what the step changes. */
const GUARD = `
  with held as (
    select document.path from memory_document document
      join unnest($1::text[], $2::integer[]) as seen (path, version)
        on seen.path = document.path and seen.version = document.version
     order by document.path for update of document
  )
  insert into memory_step (id, run, at, action, paths, reason, before)
  select $3, $4, $5, $6, $7::text[], $8,
         coalesce((select jsonb_agg(memory_snapshot(path, path = any ($9::text[])))
                     from unnest($7::text[]) as path where path <> all ($10::text[])), '[]')
   where (select count(*) from held) = cardinality($1::text[])
     and not exists (select from memory_document where path = any ($10::text[]))`;

const MARK_AFTER = `
  update memory_step set after = (
    select jsonb_object_agg(each.path, case when d.path is null then null else
             jsonb_build_object('mark', memory_mark(d.path), 'version', d.version) end)
      from unnest(paths) as each (path) left join memory_document d on d.path = each.path)
   where id = $1`;

function inherit({ from, to, mixed }: Inheritance, stepId: string): readonly Statement[] {
  return [
    { sql: INHERIT_SOURCES, params: [from.path, from.line, to.path, to.line, mixed, stepId] },
    { sql: INHERIT_USES, params: [from.path, from.key, to.path, to.key] },
  ];
}

const INHERIT_SOURCES = `
  with moved as (
    insert into memory_passage (path, hash, source_id, mixed)
    select $3, kept.hash, p.source_id, p.mixed or $5::boolean
      from memory_lines($2::text) gone, memory_lines($4::text) kept, memory_passage p
     where p.path = $1 and p.hash = gone.hash and p.gone is null
    on conflict do nothing returning path, hash, source_id
  )
  update memory_step set inherited = inherited || coalesce((select jsonb_agg(to_jsonb(moved)) from moved), '[]')
   where id = $6`;

const INHERIT_USES = `
  insert into memory_use as known (path, passage, uses, last_used_at)
  select $3, $4, uses, last_used_at from memory_use where path = $1 and passage = $2 and (path, passage) <> ($3, $4)
  on conflict (path, passage) do update
     set uses = known.uses + excluded.uses, last_used_at = greatest(known.last_used_at, excluded.last_used_at)`;

/** Who brought it (`memory_source`) stays as long as the step can be undone. */
const remove = (paths: readonly string[]): readonly Statement[] =>
  paths.length === 0
    ? []
    : ['memory_passage', 'memory_version', 'memory_document'].map((table) => ({
        sql: `delete from ${table} where path = any ($1::text[])`,
        params: [paths],
      }));

/** The latest steps, newest first. */
export async function readSteps(database: Queryable, limit: number): Promise<readonly MemoryStep[]> {
  const { rows } = await database.query<StepRow>(`${STEPS} order by at desc, id desc limit $1`, [limit]);
  return rows.map(toStep);
}

/** In the order in which they were done. */
export async function stepsOfRun(database: Queryable, run: string): Promise<readonly MemoryStep[]> {
  const { rows } = await database.query<StepRow>(`${STEPS} where run = $1 order by at, id`, [run]);
  return rows.map(toStep);
}

const toStep = ({ undone_at, at, ...step }: StepRow): MemoryStep => ({
  ...step,
  at: at.toISOString(),
  undone: undone_at !== null,
});

interface StepRow extends Record<string, unknown> {
  readonly id: string;
  readonly at: Date;
  readonly action: MemoryStep['action'];
  readonly paths: readonly string[];
  readonly reason: string;
  readonly undone_at: Date | null;
}

const STEPS = 'select id, at, action, paths, reason, undone_at from memory_step';

/** Puts every document of a step back as it was before, or says why that cannot be done any more. */
export async function undoStep(database: Database, id: string, now: number): Promise<Result<void, string>> {
  const { results } = await database.commit([
    { sql: 'select memory_undo_step($1, $2) as outcome', params: [id, new Date(now)] },
  ]);
  const outcome = String(results[0]?.rows[0]?.outcome);
  return outcome === 'done' ? ok(undefined) : err(objectionTo(id, outcome));
}

function objectionTo(id: string, outcome: string): string {
  if (outcome === 'missing') return `There is no step ${id}. See: ironbark memory steps`;
  if (outcome === 'undone') return `The step ${id} has been undone already.`;
  if (outcome === 'gone')
    return `The step ${id} cannot be undone: what was there was forgotten since, or is older than ${UNDO_DAYS} days.`;
  const path = outcome.replace(/^changed /, '');
  return `The step ${id} cannot be undone: ${path} was changed after it. Undo later steps on it first, newest first; where somebody wrote in it, take what you need from its versions.`;
}

/**
 * Once a run: what can be undone no more goes, with the sources that nothing needs. Cost: a pass over the steps of 400
 * days and over `memory_source`.
 */
export function ageStatements(now: number): readonly [Statement, ...Statement[]] {
  return [
    {
      sql: `update memory_step set before = null, after = null, inherited = '[]' where before is not null and at < $1
            returning id`,
      params: [new Date(now - UNDO_DAYS * DAY_MS)],
    },
    { sql: 'delete from memory_step where at < $1', params: [new Date(now - KEPT_DAYS * DAY_MS)] },
    { sql: DROP_SOURCES },
    {
      sql: 'delete from memory_use u where not exists (select from memory_document d where d.path = u.path)',
    },
  ];
}

const DROP_SOURCES = `
  delete from memory_source s
   where not exists (select from memory_passage p where p.source_id = s.id)
     and not exists (select from memory_document d where d.path = s.path)
     and not exists (select from memory_step t where t.before is not null and s.path = any (t.paths))`;
