import type { Origin } from '../../core/journal.ts';
import { MAX_ORIGIN_CHARACTERS, MAX_ORIGINS } from '../../core/memory.ts';

/** At the top of an exported folder: what no file can say of itself. JSON, one line a document. */
export const MANIFEST = 'ironbark-memory.jsonl';

/** Its name until the last document is written. */
export const UNFINISHED = `${MANIFEST}.unfinished`;

export interface ManifestLine {
  readonly path: string;
  /** Where it lies in the folder, with `/`. */
  readonly file: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly origins: readonly Origin[];
}

/** Undefined where a line is none, as in a file that somebody edited. */
export function readManifestLine(line: string): ManifestLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is ManifestLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'file' in value &&
    typeof value.file === 'string' &&
    'version' in value &&
    typeof value.version === 'number' &&
    'updatedAt' in value &&
    typeof value.updatedAt === 'string' &&
    'origins' in value &&
    Array.isArray(value.origins) &&
    value.origins.length <= MAX_ORIGINS &&
    value.origins.every(isOrigin)
  );
}

const isOrigin = (value: unknown): value is Origin =>
  typeof value === 'string' && value.length <= MAX_ORIGIN_CHARACTERS && /^[^\p{Cc}\p{Cs}]+$/u.test(value);
