import { createAuditLog } from '../../audit/index.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { ForgetReport, ForgetTarget } from '../../core/memory.ts';
import type { Database, Queryable } from '../../storage/index.ts';
import { cutDocuments, deleteDocuments } from './cut-documents.ts';
import { doomedPassages } from './doomed.ts';
import { originNames, sourcesOf } from './sources-of.ts';

export interface ForgetOptions {
  /** Only tells what would be gone. */
  readonly dryRun: boolean;
  readonly clock?: Clock;
}

/**
 * Removes what memory has from a conversation, a source or a document, and all that was made of it: lines that nobody
 * else brought, from their documents and from all kept versions, and lines that were put together from several sources,
 * where this was one of them; steps by which memory was tidied and that hold some of it can no longer be undone. A document of which nothing stays is deleted. A conversation that was forgotten is not
 * distilled any more, and nothing that a source had a hand in. What conversations said stays in their journals.
 *
 * One transaction, and one line in the audit log. A dry run does the same and takes it back.
 *
 * Cost: a dozen queries; a look at all kept versions of each document that is touched, and its index made anew.
 */
export async function forget(
  database: Database,
  target: ForgetTarget,
  { dryRun, clock = systemClock }: ForgetOptions,
): Promise<ForgetReport> {
  try {
    return await database.transaction(async (tx) => {
      const report = await forgetIn(tx, target, new Date(clock.now()));
      if (dryRun) throw new TakenBack(report);
      await recordIn(tx, database, clock, target, report);
      return report;
    });
  } catch (thrown) {
    if (thrown instanceof TakenBack) return thrown.report;
    throw thrown;
  }
}

/** Rolls a dry run back. */
class TakenBack extends Error {
  readonly report: ForgetReport;
  constructor(report: ForgetReport) {
    super('a dry run');
    this.report = report;
  }
}

async function forgetIn(tx: Queryable, target: ForgetTarget, at: Date): Promise<ForgetReport> {
  await tx.query(BEFORE_OTHERS);
  const sources = await sourcesOf(tx, target);
  const doomed = await doomedPassages(tx, sources, target);
  const own = target.kind === 'document' ? await deleteDocuments(tx, [target.path]) : [];
  const documents = [...own, ...(await cutDocuments(tx, doomed, sources))];
  await tx.query('select memory_purge_steps($1, $2)', [documents.map(({ path }) => path), [...sources]]);
  await tx.query('delete from memory_source where id = any ($1)', [[...sources]]);
  for (const [kind, name] of bannedBy(target)) await tx.query(BAN, [kind, name, at]);
  return { documents };
}

/** Writers wait until what they would attribute to somebody is decided. Readers do not. */
const BEFORE_OTHERS = 'lock table memory_document in share row exclusive mode';

const BAN = `
  insert into memory_forgotten (kind, name, at) values ($1, $2, $3)
  on conflict (kind, name) do update set at = excluded.at`;

/** A document may be written again: what it was made of is not touched. */
function bannedBy(target: ForgetTarget): readonly (readonly [kind: string, name: string])[] {
  switch (target.kind) {
    case 'conversation':
      return [['conversation', target.conversationId]];
    case 'source':
      return originNames(target.source).map((name) => ['source', name] as const);
    case 'document':
      return [];
  }
}

async function recordIn(
  tx: Queryable,
  database: Database,
  clock: Clock,
  target: ForgetTarget,
  { documents }: ForgetReport,
): Promise<void> {
  const passages = documents.reduce((sum, document) => sum + document.passages, 0);
  const detail = { kind: target.kind, target: nameOf(target), documents: documents.length, passages };
  const lines = createAuditLog(database, clock).statements([
    { kind: 'memory.forgotten', tool: '', message: `Forgot ${nameOf(target)}.`, detail },
  ]);
  for (const { sql, params } of lines) await tx.query(sql, params);
}

function nameOf(target: ForgetTarget): string {
  switch (target.kind) {
    case 'conversation':
      return `the conversation ${target.conversationId}`;
    case 'source':
      return target.source;
    case 'document':
      return `the document ${target.path}`;
  }
}
