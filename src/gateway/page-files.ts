import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  /** Compressed where the build did so and the client, by its `Accept-Encoding`, takes it. */
  read(accepted: string): Promise<PageContent>;
}

export interface PageContent {
  readonly content: Buffer;
  readonly etag: string;
  readonly encoding?: 'gzip';
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * The files that may be served, by URL path; `/` is `index.html`. They are listed once, so that no request can
 * name anything else: there is no path to climb out of. Links and unknown kinds are left out.
 */
export function listPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = new Set(found.map((entry) => join(entry.parentPath, entry.name)));
  for (const file of names) {
    const type = TYPES[extname(file)];
    if (type === undefined) continue;
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    const zipped = names.has(`${file}.gz`) ? `${file}.gz` : undefined;
    const read = (accepted: string) => readPageFile(file, takesGzip(accepted) ? zipped : undefined);
    files.set(path === '/index.html' ? '/' : path, { type, read });
  }
  return files;
}

const takesGzip = (accepted: string): boolean => /\bgzip\b(?!\s*;\s*q=0(\.0+)?\s*(,|$))/.test(accepted);

async function readPageFile(file: string, zipped: string | undefined): Promise<PageContent> {
  const content = await readFile(zipped ?? file);
  const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  return zipped === undefined ? { content, etag } : { content, etag, encoding: 'gzip' };
}
