import { ROLLED_BACK, SqlError } from '../sql-error.ts';
import { NOTHING_WRITTEN, type Written, writeAlone, writeUnit } from '../unit.ts';
import type { Connection } from './connection.ts';
import type { Answer, CommitJob, RawResult, Unit, WireStatement } from './messages.ts';

/**
 * Writes units that wait together with one flush to disk. Each stands for itself: should one be refused, or its guard
 * fail, none of this attempt is kept and each is written alone, so that the others do not feel it.
 */
export async function commitGroup(
  connection: Connection,
  jobs: readonly CommitJob[],
): Promise<readonly Answer[]> {
  const together = await tryTogether(connection, jobs);
  if (together) return together;
  const answers: Answer[] = [];
  for (const { id, unit } of jobs) answers.push(await answer(id, () => commitUnit(connection, unit)));
  return answers;
}

async function tryTogether(
  connection: Connection,
  jobs: readonly CommitJob[],
): Promise<readonly Answer[] | undefined> {
  const statements = jobs.flatMap(({ unit }) => unit);
  if (statements.length === 1) return undefined;
  try {
    // Most units are of one statement, and leave nothing behind that would have to be undone.
    if (statements.length === jobs.length) return answersTo(jobs, await connection.runTogether(statements));
    return await writeInTransaction(connection, jobs, statements);
  } catch (thrown) {
    if (thrown instanceof SqlError) return undefined;
    throw thrown;
  }
}

/** All statements in one exchange, in the hope that every guard holds. */
async function writeInTransaction(
  connection: Connection,
  jobs: readonly CommitJob[],
  statements: readonly WireStatement[],
): Promise<readonly Answer[] | undefined> {
  let hold = false;
  try {
    const [, ...results] = await connection.runTogether([BEGIN, ...statements]);
    const answers = answersTo(jobs, results);
    hold = answers.every((written, place) => written.committed || jobs[place]?.unit.length === 1);
    return hold ? answers : undefined;
  } finally {
    await endTransaction(connection, hold);
  }
}

const BEGIN: WireStatement = { sql: 'begin', params: [] };

/** @param results of all statements of all units */
function answersTo(jobs: readonly CommitJob[], results: readonly RawResult[]): readonly Committed[] {
  let next = 0;
  return jobs.map(({ id, unit }) => {
    const own = results.slice(next, next + unit.length);
    next += unit.length;
    const holds = (own[0]?.rowCount ?? 0) > 0;
    return { id, ok: true, ...(holds ? { committed: true, results: own } : NOTHING_WRITTEN) };
  });
}

type Committed = Extract<Answer, { ok: true }>;

function commitUnit(connection: Connection, unit: Unit): Promise<Written<RawResult>> {
  if (unit.length === 1) return writeUnit(unit, connection.run);
  return writeAlone(unit, (work) => inTransaction(connection, () => work(connection.run)));
}

async function inTransaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await beginTransaction(connection);
  let value: T;
  try {
    value = await work();
  } catch (thrown) {
    await endTransaction(connection, false);
    throw thrown;
  }
  await endTransaction(connection, true);
  return value;
}

export async function beginTransaction(connection: Connection): Promise<void> {
  await connection.run(BEGIN);
}

/**
 * Commits (`keep`) or rolls back. After a refused statement PostgreSQL rolls back either way, which is an error for
 * whoever wanted to keep it.
 */
export async function endTransaction(connection: Connection, keep: boolean): Promise<void> {
  const { tag } = await connection.run({ sql: keep ? 'commit' : 'rollback', params: [] });
  if (keep && tag === 'ROLLBACK') throw new SqlError(ROLLED_BACK);
}

/** Refusals are answers; anything else is a defect and ends the worker. */
export async function answer(id: number, work: () => Promise<Written<RawResult>>): Promise<Answer> {
  try {
    return { id, ok: true, ...(await work()) };
  } catch (thrown) {
    if (!(thrown instanceof SqlError)) throw thrown;
    const { message, code, detail, constraint } = thrown;
    return { id, ok: false, trouble: { message, code, detail, constraint } };
  }
}
