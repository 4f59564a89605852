import { ROLLED_BACK, SqlError } from '../sql-error.ts';
import { NOTHING_WRITTEN, type Written, writeAlone, writeUnit } from '../unit.ts';
import type { Connection } from './connection.ts';
import type { Answer, CommitJob, RawResult, Unit } from './messages.ts';

/**
 * Writes units that wait together with one flush to disk. Each stands for itself: should one be refused, none of
 * this attempt is kept and each is written alone, so that the others do not feel it.
 */
export async function commitGroup(
  connection: Connection,
  jobs: readonly CommitJob[],
): Promise<readonly Answer[]> {
  if (jobs.length > 1) {
    const together = await tryTogether(connection, jobs);
    if (together) return together;
  }
  const answers: Answer[] = [];
  for (const { id, unit } of jobs) answers.push(await answer(id, () => commitUnit(connection, unit)));
  return answers;
}

async function tryTogether(
  connection: Connection,
  jobs: readonly CommitJob[],
): Promise<readonly Answer[] | undefined> {
  try {
    if (jobs.every(({ unit }) => unit.length === 1)) return await writeInOneExchange(connection, jobs);
    return await inTransaction(connection, async () => {
      const answers: Answer[] = [];
      for (const { id, unit } of jobs)
        answers.push({ id, ok: true, ...(await writeInGroup(connection, unit)) });
      return answers;
    });
  } catch (thrown) {
    if (thrown instanceof SqlError) return undefined;
    throw thrown;
  }
}

/** Most units are of one statement. */
async function writeInOneExchange(
  connection: Connection,
  jobs: readonly CommitJob[],
): Promise<readonly Answer[]> {
  const results = await connection.runTogether(jobs.map(({ unit: [statement] }) => statement));
  return results.flatMap((result, place) => {
    const job = jobs[place];
    const written = result.rowCount > 0 ? { committed: true, results: [result] } : NOTHING_WRITTEN;
    return job ? [{ id: job.id, ok: true, ...written }] : [];
  });
}

/** A single statement needs no savepoint: one that yields no row leaves nothing that would have to be undone. */
async function writeInGroup(connection: Connection, unit: Unit): Promise<Written<RawResult>> {
  if (unit.length === 1) return writeUnit(unit, connection.run);
  await control(connection, 'savepoint unit');
  const written = await writeUnit(unit, connection.run);
  await control(connection, written.committed ? 'release unit' : 'rollback to unit');
  return written;
}

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

export const beginTransaction = (connection: Connection): Promise<void> => control(connection, 'begin');

/**
 * Commits (`keep`) or rolls back. After a refused statement PostgreSQL rolls back either way, which is an error for
 * whoever wanted to keep it.
 */
export async function endTransaction(connection: Connection, keep: boolean): Promise<void> {
  if (!keep) return control(connection, 'rollback');
  const { tag } = await connection.run({ sql: 'commit', params: [] });
  if (tag === 'ROLLBACK') throw new SqlError(ROLLED_BACK);
}

async function control(connection: Connection, sql: string): Promise<void> {
  await connection.run({ sql, params: [] });
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
