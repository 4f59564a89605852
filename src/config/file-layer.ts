import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { coerceError, IronbarkError } from '../core/errors.ts';
import type { Layer, Written } from './layer.ts';
import { lineOf } from './toml-lines.ts';

/** The settings of a TOML file; an absent file has none. Throws `config` errors that name file, line and column. */
export function fileLayer(path: string): Layer {
  const source = readIfThere(path);
  return {
    written: parseToml(path, source),
    where: (setting) => {
      const line = lineOf(source, setting);
      return line === undefined ? path : `${path}, line ${line}`;
    },
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if (isMissing(thrown)) return '';
    const reason = coerceError(thrown).message;
    throw new IronbarkError(
      'config',
      `${path} cannot be read: ${reason}`,
      'Make it a file that you may read.',
    );
  }
}

/** A home that is no folder has no files in it either; opening it says what is wrong with it. */
const MISSING: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && MISSING.has(thrown.code);
}

function parseToml(path: string, source: string): Written {
  try {
    return parse(source);
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    throw new IronbarkError(
      'config',
      `${path}, line ${thrown.line}, column ${thrown.column}: ${reasonOf(thrown)}.`,
      'Sections look like [gateway], settings like port = 4747 or host = "127.0.0.1" (text needs quotes).',
    );
  }
}

/** Only the first line: the rest quotes the file, where a key may stand. */
function reasonOf(error: TomlError): string {
  const [first = ''] = error.message.split('\n');
  return first.replace('Invalid TOML document: ', '');
}
