import type { Clock } from '../core/clock.ts';
import type { Origin } from '../core/journal.ts';
import { err, ok, type Result } from '../core/result.ts';
import { findInjections, type InjectionFinding, isAtLeast, type RedactText } from '../safety/index.ts';
import type { Database } from '../storage/index.ts';
import { type Change, newText, outcomeOf, withNewText } from './change.ts';
import { type DocumentHead, readHeads } from './heads.ts';
import { storableOrigins } from './origins.ts';
import { isPromptFile } from './paths.ts';
import { type SearchHit, searchDocuments } from './search.ts';
import { readTree, type TreeEntry } from './tree.ts';
import { replaceStatements, type Statements, writeStatements } from './writes.ts';

/**
 * What the assistant keeps: documents by path, each with its earlier versions. Paths are normalised ones
 * (`normalisePath`).
 *
 * A document remembers whose words, other than the user's, went into it: overwriting it leaves those of the new
 * text, everything else adds them to what is there. They are kept as one line of at most 200 characters each, and
 * without the way through memory that they may have taken before.
 */
export interface Memory {
  /** The current document or, where asked for, an earlier version. Undefined where there is none. */
  read(path: string, version?: number): Promise<MemoryDocument | undefined>;
  /** The versions that are kept of a document, newest first, the current one among them. */
  versions(path: string): Promise<readonly MemoryVersion[]>;
  /** Documents and folders beneath a folder (`''`: all), so many levels deep. */
  tree(folder: string, depth: number): Promise<readonly TreeEntry[]>;
  search(query: string, limit: number): Promise<readonly SearchHit[]>;
  /** The first so many characters of each of these documents that there is, in no order, with one query. */
  heads(paths: readonly string[], characters: number): Promise<readonly DocumentHead[]>;
  /** When a change was last prepared in this process, in milliseconds since the Unix epoch. It commits later, or never. */
  changedAt(): number;
  /**
   * Checks a change against what is there and makes it into statements, or says why it may not be made. What looks
   * like a secret is taken out of the text.
   */
  prepare(path: string, change: Change, options: WriteOptions): Promise<Result<PreparedChange, string>>;
  /** Writes without looking: for content of our own. Runs inside the caller's commit. */
  writeStatements(
    path: string,
    content: string,
    options: Partial<WriteOptions> & { readonly append: boolean },
  ): Statements;
}

export interface WriteOptions {
  /** Whose words, other than the user's, had a hand in the text or in the path. */
  readonly origins: readonly Origin[];
}

export interface PreparedChange {
  readonly statements: Statements;
  /** What was taken out of the text before it is kept, as a sentence; undefined where nothing was. */
  readonly removed: string | undefined;
}

export interface MemoryDocument {
  readonly path: string;
  readonly content: string;
  readonly version: number;
  readonly updatedAt: string;
  /** Whose words, other than the user's, the content holds. */
  readonly origins: readonly Origin[];
}

export interface MemoryVersion {
  readonly version: number;
  readonly characters: number;
  readonly changedAt: string;
}

/** Largest document, in UTF-8 bytes. PostgreSQL's search index of one document ends at 1 MB of words. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;

/** Largest document that steers the assistant: each costs every conversation its length. */
export const MAX_PROMPT_FILE_BYTES = 64 * 1024;

/** @param redact takes secrets out of what is to be kept; without it, texts are kept as they come */
export function createMemory(database: Database, clock: Clock, redact: RedactText = asItIs): Memory {
  let changedAt = Number.NEGATIVE_INFINITY;
  const now = () => {
    changedAt = clock.now();
    return new Date(changedAt);
  };
  return {
    heads: (paths, characters) => readHeads(database, paths, characters),
    changedAt: () => changedAt,
    read: (path, version) => readDocument(database, path, version),
    versions: (path) => readVersions(database, path),
    tree: (folder, depth) => readTree(database, folder, depth),
    search: (query, limit) => searchDocuments(database, query, limit),
    async prepare(path, given, { origins }) {
      const { text, removed } = await redact(storable(newText(given)));
      const change = withNewText(given, text);
      const before = (await readDocument(database, path))?.content;
      const after = outcomeOf(path, before, change);
      if (!after.ok) return after;
      const known = change.type === 'overwrite' ? '' : (before ?? '');
      const objection =
        objectionTo(path, known, after.value) ?? (await secretIn(redact, path, known, after.value));
      if (objection !== undefined) return err(objection);
      const sources = storableOrigins(await redactAll(redact, origins));
      return ok({ statements: statementsFor(path, change, sources, now()), removed });
    },
    writeStatements: (path, content, { append, origins = [] }) =>
      writeStatements(path, storable(content), { append, origins: storableOrigins(origins), at: now() }),
  };
}

const asItIs: RedactText = async (text) => ({ text, removed: undefined });

/** One at a time: a detector holds the event loop for each. */
async function redactAll(redact: RedactText, texts: readonly string[]): Promise<readonly string[]> {
  const redacted: string[] = [];
  for (const text of texts) redacted.push((await redact(text)).text);
  return redacted;
}

/**
 * Where a secret would remain although the new text holds none: in the path, or made up of the new text and what
 * stands beside it. One that stood there before does not block what comes after it.
 */
async function secretIn(
  redact: RedactText,
  path: string,
  before: string,
  after: string,
): Promise<string | undefined> {
  const hasSecret = async (text: string) => (await redact(text)).removed !== undefined;
  if (await hasSecret(path))
    return 'Not saved. The path holds what looks like a secret; name it differently.';
  // The whole of an overwritten document was looked at already.
  if (before === '' || !(await hasSecret(after)) || (await hasSecret(before))) return undefined;
  return `Not saved. Together with what stands in ${path}, the text makes up a secret, and memory keeps none.`;
}

function statementsFor(path: string, change: Change, origins: readonly Origin[], at: Date): Statements {
  if (change.type === 'replace') return replaceStatements(path, change, { origins, at });
  return writeStatements(path, change.content, { append: change.type === 'append', origins, at });
}

function objectionTo(path: string, before: string, after: string): string | undefined {
  const bytes = Buffer.byteLength(after);
  const limit = isPromptFile(path) ? MAX_PROMPT_FILE_BYTES : MAX_DOCUMENT_BYTES;
  if (bytes > limit)
    return `${path} would have ${bytes} bytes; it may have ${limit}. Begin another document.`;
  const order = isPromptFile(path) ? newOrder(before, after) : undefined;
  if (order) {
    return `Not saved. ${path} is read at the start of conversations, so it may not hold text that reads like an order to the assistant: "${order.text}" (${order.what}, ${order.severity}). Say it as a plain fact, or save it in another document.`;
  }
  return undefined;
}

/**
 * The first finding that a change brings in. The whole document is looked at, so an order cannot be smuggled in by
 * halves; what stood there before does not block what comes after it.
 */
function newOrder(before: string, after: string): InjectionFinding | undefined {
  const known = before === '' ? 0 : ordersIn(before).length;
  return ordersIn(after)[known];
}

const ordersIn = (text: string): InjectionFinding[] =>
  findInjections(text).filter((finding) => isAtLeast(finding, 'high'));

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
const storable = (content: string): string => content.replaceAll('\0', '\ufffd').toWellFormed();

async function readDocument(
  database: Database,
  path: string,
  version?: number,
): Promise<MemoryDocument | undefined> {
  const { rows } = await database.query<DocumentRow>(
    version === undefined
      ? 'select content, version, updated_at as at, origins from memory_document where path = $1'
      : 'select content, version, changed_at as at, origins from memory_version where path = $1 and version = $2',
    version === undefined ? [path] : [path, version],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { content, version: number, at, origins } = row;
  return { path, content, version: number, updatedAt: at.toISOString(), origins };
}

async function readVersions(database: Database, path: string): Promise<readonly MemoryVersion[]> {
  const { rows } = await database.query<{ version: number; characters: number; at: Date }>(
    'select version, length(content) as characters, changed_at as at from memory_version where path = $1 order by version desc',
    [path],
  );
  return rows.map(({ version, characters, at }) => ({ version, characters, changedAt: at.toISOString() }));
}

interface DocumentRow extends Record<string, unknown> {
  readonly content: string;
  readonly version: number;
  readonly at: Date;
  readonly origins: readonly Origin[];
}
