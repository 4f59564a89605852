import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import { findInjections, type InjectionFinding, isAtLeast } from '../safety/index.ts';
import type { Database } from '../storage/index.ts';
import { isPromptFile } from './paths.ts';
import { type SearchHit, searchDocuments } from './search.ts';
import { readTree, type TreeEntry } from './tree.ts';
import { appended, replaceStatements, type Statements, writeStatements } from './writes.ts';

/**
 * What the assistant keeps: documents by path, each with its earlier versions. Paths are normalised ones
 * (`normalisePath`).
 */
export interface Memory {
  /** The current document or, where asked for, an earlier version. Undefined where there is none. */
  read(path: string, version?: number): Promise<MemoryDocument | undefined>;
  /** The versions that are kept of a document, newest first, the current one among them. */
  versions(path: string): Promise<readonly MemoryVersion[]>;
  /** Documents and folders beneath a folder (`''`: all), so many levels deep. */
  tree(folder: string, depth: number): Promise<readonly TreeEntry[]>;
  search(query: string, limit: number): Promise<readonly SearchHit[]>;
  /** Checks a change against what is there and makes it into statements, or says why it may not be made. */
  prepare(path: string, change: Change): Promise<Result<Statements, string>>;
  /** Writes without looking: for content of our own. Runs inside the caller's commit. */
  writeStatements(path: string, content: string, options: { readonly append: boolean }): Statements;
}

export interface MemoryDocument {
  readonly path: string;
  readonly content: string;
  readonly version: number;
  readonly updatedAt: string;
}

export interface MemoryVersion {
  readonly version: number;
  readonly characters: number;
  readonly changedAt: string;
}

export type Change =
  | { readonly type: 'append'; readonly content: string }
  | { readonly type: 'overwrite'; readonly content: string }
  /** `from` is not empty, and must occur exactly once unless `all`. */
  | { readonly type: 'replace'; readonly from: string; readonly to: string; readonly all: boolean };

/** Largest document, in UTF-8 bytes. PostgreSQL's search index of one document ends at 1 MB of words. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;

/** Largest document that steers the assistant: each costs every conversation its length. */
export const MAX_PROMPT_FILE_BYTES = 64 * 1024;

export function createMemory(database: Database, clock: Clock): Memory {
  const now = () => new Date(clock.now());
  return {
    read: (path, version) => readDocument(database, path, version),
    versions: (path) => readVersions(database, path),
    tree: (folder, depth) => readTree(database, folder, depth),
    search: (query, limit) => searchDocuments(database, query, limit),
    async prepare(path, change) {
      const before = (await readDocument(database, path))?.content;
      const after = outcome(path, before, change);
      if (!after.ok) return after;
      const objection = objectionTo(path, change.type === 'overwrite' ? '' : (before ?? ''), after.value);
      return objection === undefined ? ok(statementsFor(path, change, now())) : err(objection);
    },
    writeStatements: (path, content, { append }) =>
      writeStatements(path, storable(content), { append, at: now() }),
  };
}

function outcome(path: string, before: string | undefined, change: Change): Result<string, string> {
  switch (change.type) {
    case 'overwrite':
      return ok(storable(change.content));
    case 'append':
      return ok(appended(path, before ?? '', storable(change.content)));
    case 'replace':
      return before === undefined
        ? err(`There is no document ${path} to replace anything in.`)
        : replaced(path, before, change);
  }
}

function replaced(path: string, before: string, { from, to, all }: Replacement): Result<string, string> {
  const pieces = before.split(from);
  const count = pieces.length - 1;
  if (count === 0) return err(`${path} does not contain that text. Read it first and copy the text exactly.`);
  if (count > 1 && !all) {
    return err(
      `${path} contains that text ${count} times. Give more of its surroundings, or set replace_all.`,
    );
  }
  return ok(pieces.join(storable(to)));
}

type Replacement = Extract<Change, { type: 'replace' }>;

function statementsFor(path: string, change: Change, at: Date): Statements {
  if (change.type === 'replace') return replaceStatements(path, change.from, storable(change.to), at);
  return writeStatements(path, storable(change.content), { append: change.type === 'append', at });
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
      ? 'select content, version, updated_at as at from memory_document where path = $1'
      : 'select content, version, changed_at as at from memory_version where path = $1 and version = $2',
    version === undefined ? [path] : [path, version],
  );
  const row = rows[0];
  return row && { path, content: row.content, version: row.version, updatedAt: row.at.toISOString() };
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
}
