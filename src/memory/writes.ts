import type { Statement } from '../storage/index.ts';

/** How many versions of a document are kept, the current one among them. */
const KEPT_VERSIONS = 50;

export type Statements = readonly [Statement, ...Statement[]];

/** Puts a document in place of what was there, or adds to its end; makes it where it does not exist. */
export function writeStatements(
  path: string,
  content: string,
  { append, at }: { append: boolean; at: Date },
): Statements {
  const upsert: Statement = {
    sql: `insert into memory_document as document (path, content, created_at, updated_at) values ($1, $2, $3, $3)
          on conflict (path) do update set
            content = ${append ? `case when document.content = '' then '' else rtrim(document.content, E'\\n') || $4 end ||` : ''} excluded.content,
            version = document.version + 1,
            updated_at = excluded.updated_at`,
    params: append ? [path, content, at, separatorFor(path)] : [path, content, at],
  };
  return [upsert, keepVersion(path), dropOldVersions(path)];
}

/** Replaces every occurrence of a text in a document. Touches nothing where it does not occur (any more). */
export function replaceStatements(path: string, from: string, to: string, at: Date): Statements {
  const replace: Statement = {
    sql: `update memory_document set content = replace(content, $2, $3), version = version + 1, updated_at = $4
          where path = $1 and strpos(content, $2) > 0`,
    params: [path, from, to, at],
  };
  return [replace, keepVersion(path), dropOldVersions(path)];
}

/** The content that `writeStatements` with `append` will leave behind. */
export function appended(path: string, before: string, content: string): string {
  return before === '' ? content : before.replace(/\n+$/, '') + separatorFor(path) + content;
}

/** A log is lines; everything else is paragraphs. */
const separatorFor = (path: string): string => (path.startsWith('daily/') ? '\n' : '\n\n');

/**
 * Runs after the document's row was written, in the same transaction: the row is locked, so writers beside this one
 * number their versions after it.
 */
function keepVersion(path: string): Statement {
  return {
    sql: `insert into memory_version (path, version, content, changed_at)
          select path, version, content, updated_at from memory_document where path = $1
          on conflict (path, version) do nothing`,
    params: [path],
  };
}

function dropOldVersions(path: string): Statement {
  return {
    sql: `delete from memory_version
          where path = $1 and version <= (select version - ${KEPT_VERSIONS} from memory_document where path = $1)`,
    params: [path],
  };
}
