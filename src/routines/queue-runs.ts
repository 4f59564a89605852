import type { Origin } from '../core/journal.ts';
import type { RoutineTrigger } from '../core/routines.ts';
import type { Statement } from '../storage/index.ts';
import { contentHash, runIdOf } from './derive.ts';

/** A start that something other than a schedule asks for. */
export interface WantedRun {
  readonly routineId: string;
  readonly kind: RoutineTrigger['kind'];
  /** The same key of the same routine is the same run. */
  readonly key: string;
  /** In words. */
  readonly cause: string;
  /** What came with it, for the model. */
  readonly told: string | null;
  readonly origins: readonly Origin[];
  readonly causedBy: readonly string[];
  /** The same content within so many seconds is the same event; 0: never. */
  readonly dedupSeconds: number;
  /** It waits where others would be skipped. */
  readonly patient: boolean;
  /** Why it must not start. */
  readonly refusal: string | null;
}

/** Of what came with an event, characters; the rest is left out, and said so. */
const LONGEST_TOLD = 32_000;

/** Queues runs; returns the ids of those that were not there before. */
export function queueStatement(wanted: readonly WantedRun[], now: number): Statement {
  const rows = wanted.map((run) => ({
    id: runIdOf(run.routineId, run.key),
    routine_id: run.routineId,
    kind: run.kind,
    cause: run.cause,
    told: run.told === null ? null : storable(run.told),
    origins: run.origins,
    caused_by: run.causedBy,
    content_hash: run.dedupSeconds > 0 && run.told !== null ? contentHash(run.told) : null,
    dedup: run.dedupSeconds,
    patient: run.patient,
    refusal: run.refusal,
  }));
  return { sql: QUEUE, params: [JSON.stringify(rows), new Date(now)] };
}

/** PostgreSQL stores no NUL. */
function storable(text: string): string {
  const kept = text.replaceAll('\0', '\u{FFFD}');
  return kept.length <= LONGEST_TOLD ? kept : `${kept.slice(0, LONGEST_TOLD)}\n[The rest was left out.]`;
}

const QUEUE = `
  with given as (
    select g.*,
           g.content_hash is not null and exists (
             select from routine_run o
              where o.routine_id = g.routine_id and o.content_hash = g.content_hash and o.id <> g.id
                and o.queued_at > $2::timestamptz - make_interval(secs => g.dedup)) as same
      from jsonb_to_recordset($1::text::jsonb) as g(
        id text, routine_id text, kind text, cause text, told text, origins jsonb, caused_by jsonb, content_hash text,
        dedup integer, patient boolean, refusal text)
      join routine r on r.id = g.routine_id
  )
  insert into routine_run
    (id, routine_id, kind, cause, told, origins, caused_by, content_hash, patient, queued_at, ready_at, completed_at,
     status, summary, conversation_id)
  select id, routine_id, kind, cause, told, origins, array(select jsonb_array_elements_text(caused_by)), content_hash,
         patient, $2::timestamptz, $2::timestamptz,
         case when refusal is not null or same then $2::timestamptz end,
         case when refusal is not null or same then 'cancelled' else 'queued' end,
         case when refusal is not null then 'Not started: ' || refusal
              when same then 'Not started: an event with the same content had just been.' end,
         'run-' || id
    from given
  on conflict (id) do nothing
  returning id, status`;
