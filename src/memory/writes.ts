import type { Origin } from '../core/journal.ts';
import type { MemorySource } from '../core/memory.ts';
import type { Statement, Value } from '../storage/index.ts';
import { unitedInSql } from './origins.ts';
import { isNameOfOurs } from './paths.ts';
import { notedSource } from './provenance/noted-source.ts';

export type Statements = readonly [Statement, ...Statement[]];

export interface Mark {
  /** In the form of `storableOrigins`. */
  readonly origins: readonly Origin[];
  readonly at: Date;
  /** Who writes it, and in which conversation. */
  readonly source?: MemorySource | undefined;
}

interface Writing extends Mark {
  readonly append: boolean;
  /** The version that the content was made from: where another is there by then, the content is added to it. */
  readonly version?: number | undefined;
}

/** Puts a document in place of what was there, or adds to its end; makes it where it does not exist. */
export function writeStatements(path: string, content: string, writing: Writing): Statements {
  const { origins, at } = writing;
  const named = isNameOfOurs(path) ? [] : origins;
  const kept = content === '' ? [] : origins;
  const params = [path, content, at, JSON.stringify(kept), JSON.stringify(named)];
  const combined = combination(path, writing);
  const source = `$${params.length + combined.params.length + 1}::text::jsonb`;
  const upsert: Statement = {
    sql: `insert into memory_document as document (path, content, created_at, updated_at, origins, path_origins, source)
          values ($1, $2, $3, $3, $4::text::jsonb, $5::text::jsonb, ${source})
          on conflict (path) do update set
            content = ${combined.content},
            origins = ${combined.origins},
            version = document.version + 1,
            updated_at = excluded.updated_at,
            source = excluded.source`,
    params: [...params, ...combined.params, notedSource(writing)],
  };
  return [upsert, keepVersion(path), dropOldVersions(path)];
}

interface Combination {
  readonly content: string;
  readonly origins: string;
  readonly params: readonly Value[];
}

const ADDED_CONTENT = `case when document.content = '' then '' else rtrim(document.content, E'\\n') || $6 end || excluded.content`;
const UNITED = unitedInSql('document.origins', 'excluded.origins');

/** What becomes of the document and the new content, put together where it happens: whoever writes beside us counts. */
function combination(path: string, { append, version }: Writing): Combination {
  const separator = separatorFor(path);
  if (append) return { content: ADDED_CONTENT, origins: UNITED, params: [separator] };
  if (version === undefined) return { content: 'excluded.content', origins: 'excluded.origins', params: [] };
  const isAsRead = 'document.version = $7';
  return {
    content: `case when ${isAsRead} then excluded.content else ${ADDED_CONTENT} end`,
    origins: `case when ${isAsRead} then excluded.origins else ${UNITED} end`,
    params: [separator, version],
  };
}

/**
 * Replaces every occurrence of a text in a document. Where it does not occur any more, because somebody changed it a
 * moment ago, the new text is added at the end: an edit that was reported as made is not lost.
 */
export function replaceStatements(
  path: string,
  { from, to }: { readonly from: string; readonly to: string },
  { source, origins, at }: Mark,
): Statements {
  const replace: Statement = {
    sql: `update memory_document set version = version + 1, updated_at = $4,
            content = case when strpos(content, $2) > 0 then replace(content, $2, $3)
                           else rtrim(content, E'\\n') || $6 || $3 end,
            origins = ${unitedInSql('origins', '$5::text::jsonb')}, source = $7::text::jsonb
          where path = $1 and (strpos(content, $2) > 0 or strpos(content, $3) = 0)`,
    params: [
      path,
      from,
      to,
      at,
      JSON.stringify(origins),
      separatorFor(path),
      notedSource({ source, origins, replaced: true }),
    ],
  };
  return [replace, keepVersion(path), dropOldVersions(path)];
}

/** The content that `writeStatements` with `append` will leave behind. */
export function appended(path: string, before: string, content: string): string {
  return before === '' ? content : before.replace(/\n+$/, '') + separatorFor(path) + content;
}

/** A log is lines, and so are facts; everything else is paragraphs. */
const separatorFor = (path: string): string => (/^(?:daily|facts)\//.test(path) ? '\n' : '\n\n');

/**
 * Runs after the document's row was written, in the same transaction: the row is locked, so writers beside this one
 * number their versions after it.
 */
function keepVersion(path: string): Statement {
  return {
    sql: `insert into memory_version (path, version, content, changed_at, origins)
          select path, version, content, updated_at, origins from memory_document where path = $1
          on conflict (path, version) do nothing`,
    params: [path],
  };
}

/** Fifty stay, where the document's folder has no rule of its own. */
function dropOldVersions(path: string): Statement {
  return {
    sql: `delete from memory_version
          where path = $1
            and version <= (select version - memory_kept_versions(path) from memory_document where path = $1)`,
    params: [path],
  };
}
