import type { Environment } from '../environment.ts';

type Sources = Pick<Environment, 'database' | 'work'>;

/** Jobs may be ordered by jobs; no chain of them is longer than this. */
const DEEPEST = 8;

/**
 * The routines that led to something, the first cause first.
 *
 * @param named routines by their id, or conversations of runs and jobs
 */
export async function causesOf(sources: Sources, named: readonly string[]): Promise<readonly string[]> {
  const chains = await Promise.all(named.map((name) => chainOf(sources, name, DEEPEST)));
  return [...new Set(chains.flat())];
}

async function chainOf(sources: Sources, name: string, left: number): Promise<readonly string[]> {
  if (left === 0) return [];
  if (name.startsWith('run-')) return ofRun(sources, name.slice('run-'.length));
  if (name.startsWith('job-')) return ofJob(sources, name.slice('job-'.length), left);
  return ofRoutine(sources, name);
}

async function ofRun({ database }: Sources, runId: string): Promise<readonly string[]> {
  const { rows } = await database.query<Cause>(RUN, [runId]);
  return rows.flatMap(({ caused_by, routine_id }) => [...caused_by, routine_id]);
}

/** What led to any run of it that is under way. */
async function ofRoutine({ database }: Sources, routineId: string): Promise<readonly string[]> {
  const { rows } = await database.query<Cause>(ROUTINE, [routineId]);
  return [...rows.flatMap(({ caused_by }) => caused_by), routineId];
}

async function ofJob(sources: Sources, jobId: string, left: number): Promise<readonly string[]> {
  const job = await sources.work.get(jobId);
  if (!job) return [];
  const { by } = job;
  if (by.kind === 'routine') return ofRun(sources, by.runId);
  if (by.conversationId === null) return [];
  const { conversationId } = by;
  const isOwn = conversationId.startsWith('run-') || conversationId.startsWith('job-');
  return isOwn ? chainOf(sources, conversationId, left - 1) : [];
}

type Cause = { readonly routine_id: string; readonly caused_by: readonly string[] };

const RUN = `select routine_id, caused_by from routine_run where id = $1::text`;
const ROUTINE = `select routine_id, caused_by from routine_run where routine_id = $1::text and status = 'running'`;
