import type { Clock } from '../core/clock.ts';
import type { MemoryPassage } from '../core/memory.ts';
import type { Result } from '../core/result.ts';
import type { RedactText } from '../safety/index.ts';
import type { Database } from '../storage/index.ts';
import type { Change } from './change.ts';
import { type MemoryDocument, type MemoryVersion, readDocument, readVersions } from './document.ts';
import { type DocumentHead, readHeads } from './heads.ts';
import { type Layer, withPrimary } from './layers/layer.ts';
import { storable } from './objections.ts';
import { storableOrigins } from './origins.ts';
import { type PreparedChange, prepareChange, type WriteOptions } from './prepare.ts';
import { explain } from './provenance/explain.ts';
import type { SearchedVectors } from './search/candidates.ts';
import { type SearchHits, type SearchOptions, searchMemory } from './search.ts';
import { readTree, type TreeEntry } from './tree.ts';
import { type Statements, writeStatements } from './writes.ts';

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
  /** Where each passage of a document comes from, in the order of the document. */
  explain(path: string): Promise<readonly MemoryPassage[]>;
  /** Documents and folders beneath a folder (`''`: all), so many levels deep. */
  tree(folder: string, depth: number): Promise<readonly TreeEntry[]>;
  /** The passages that fit a query, best first; how many at most, or more of how; see `searchMemory`. */
  search(query: string, options: number | SearchOptions): Promise<SearchHits>;
  /** The first so many characters of each of these documents that there is, in no order, with one query. */
  heads(paths: readonly string[], characters: number): Promise<readonly DocumentHead[]>;
  /**
   * When a change was last prepared in this process, or heard of from another, in milliseconds since the Unix epoch.
   * What is prepared commits later, or never.
   */
  changedAt(): number;
  /** From now on changes that other processes make to the same database are heard of. Resolves to what ends that. */
  hearOthers(): Promise<() => Promise<void>>;
  /** The primary one among them, the innermost first. */
  readonly layers: readonly Layer[];
  /**
   * Checks a change against what is there, the rules of its folder and the layer that it is in, and makes it into
   * statements, or says why it may not be made. What looks like a secret is taken out of the text, and what looks
   * private goes into a private layer instead of a shared one. The path need not be normalised.
   */
  prepare(path: string, change: Change, options: WriteOptions): Promise<Result<PreparedChange, string>>;
  /** Writes without looking: for content of our own. Runs inside the caller's commit. */
  writeStatements(
    path: string,
    content: string,
    options: Partial<WriteOptions> & { readonly append: boolean },
  ): Statements;
}

export interface MemoryOptions {
  /** Parts of memory that others may see, or that are only read; see `Layer`. None: all of it is private. */
  readonly layers?: readonly Layer[];
  /** Without them, texts are found by their words only. */
  readonly vectors?: SearchedVectors;
}

/** @param redact takes secrets out of what is to be kept; without it, texts are kept as they come */
export function createMemory(
  database: Database,
  clock: Clock,
  redact: RedactText = asItIs,
  { layers: given = [], vectors }: MemoryOptions = {},
): Memory {
  let changedAt = Number.NEGATIVE_INFINITY;
  const changed = () => {
    changedAt = clock.now();
  };
  const now = () => {
    changed();
    return new Date(changedAt);
  };
  const layers = withPrimary(given);
  const desk = { database, redact, layers, now };
  return {
    heads: (paths, characters) => readHeads(database, paths, characters),
    changedAt: () => changedAt,
    async hearOthers() {
      const stop = await database.listen(CHANGED, changed);
      // Nobody told of what was changed until now.
      changed();
      return stop;
    },
    layers,
    read: (path, version) => readDocument(database, path, version),
    versions: (path) => readVersions(database, path),
    explain: (path) => explain(database, path),
    tree: (folder, depth) => readTree(database, folder, depth),
    search: (query, options) =>
      searchMemory(
        { database, vectors, now: clock.now() },
        query,
        typeof options === 'number' ? { limit: options } : options,
      ),
    prepare: (path, change, options) => prepareChange(desk, { path, change, options }),
    writeStatements: (path, content, { append, origins = [], source }) =>
      writeStatements(path, storable(content), {
        append,
        origins: storableOrigins(origins),
        source,
        at: now(),
      }),
  };
}

const asItIs: RedactText = async (text) => ({ text, removed: undefined });

/** What the database calls out when a transaction that wrote documents is committed. */
const CHANGED = 'memory_changed';
