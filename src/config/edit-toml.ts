import { isDeepStrictEqual } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { err, ok, type Result } from '../core/result.ts';

/** What is to be: a value by the setting's dotted name, or undefined where its line is to go. */
export type TomlChanges = ReadonlyMap<string, unknown>;

/**
 * The text with these settings changed and everything else as it was: order, comments, blank lines. Each setting is
 * `section.key`. The outcome is read again and must say exactly what it was to say; where a setting is written in a
 * way that this simple editing does not see (an inline table, a dotted key), the error names it.
 *
 * @param source TOML that can be parsed
 */
export function editToml(source: string, changes: TomlChanges): Result<string, string> {
  let text = source;
  for (const [setting, value] of changes) {
    const [section = '', key = ''] = setting.split('.');
    const wanted = withValue(parsed(text) ?? {}, section, key, value);
    const edited = value === undefined ? without(text, section, key) : withLine(text, section, key, value);
    if (!isDeepStrictEqual(plain(parsed(edited)), plain(wanted))) return err(setting);
    text = edited;
  }
  return ok(text);
}

type Table = { readonly [key: string]: unknown };

function withValue(before: Table, section: string, key: string, value: unknown): Table {
  const { [key]: _, ...others } = tableIn(before, section);
  const table = value === undefined ? others : { ...others, [key]: value };
  const { [section]: __, ...rest } = before;
  // A section that has lost its last line may stand there empty, or not at all.
  return Object.keys(table).length === 0 ? rest : { ...rest, [section]: table };
}

const tableIn = (document: Table, section: string): Table => {
  const table = document[section];
  return isTable(table) ? table : {};
};

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without what only the parser's own objects have. */
const plain = (value: Table | undefined): unknown => JSON.parse(JSON.stringify(value ?? null));

/** What a text says, without sections that say nothing; undefined where it is no TOML. */
function parsed(text: string): Table | undefined {
  try {
    const entries = Object.entries(parse(text));
    return Object.fromEntries(
      entries.filter(([, value]) => !isTable(value) || Object.keys(value).length > 0),
    );
  } catch (thrown) {
    if (thrown instanceof TomlError) return undefined;
    throw thrown;
  }
}

function without(text: string, section: string, key: string): string {
  const lines = text.split('\n');
  const place = placesIn(lines).find((one) => one.section === section && one.key === key);
  return place === undefined ? text : lines.toSpliced(place.first, place.count).join('\n');
}

function withLine(text: string, section: string, key: string, value: unknown): string {
  const lines = text.split('\n');
  const end = lines[0]?.endsWith('\r') === true ? '\r' : '';
  const line = `${key} = ${tomlOf(value)}`;
  const places = placesIn(lines);
  const present = places.find((one) => one.section === section && one.key === key);
  if (present !== undefined) {
    const comment = commentAfter(lines.slice(present.first, present.first + present.count));
    return lines
      .toSpliced(present.first, present.count, `${present.indent}${line}${comment}${end}`)
      .join('\n');
  }
  const last = places.findLast((one) => one.section === section && !one.isList);
  if (last !== undefined) {
    return lines.toSpliced(last.first + last.count, 0, `${last.indent}${line}${end}`).join('\n');
  }
  const body = text.trimEnd();
  const gap = body === '' ? '' : `${body}${end}\n${end}\n`;
  return `${gap}[${section}]${end}\n${line}${end}\n`;
}

/** A header, or a key with its value, by the lines that it takes. */
interface Place {
  readonly section: string;
  /** Undefined: a header. */
  readonly key: string | undefined;
  readonly isList: boolean;
  readonly indent: string;
  readonly first: number;
  readonly count: number;
}

/** Linear in the lines, but for a value over many lines, which is read as often as it has lines. */
function placesIn(lines: readonly string[]): readonly Place[] {
  const places: Place[] = [];
  let section = '';
  let isList = false;
  for (let first = 0; first < lines.length; first++) {
    const line = lines[first] ?? '';
    const header = /^(\s*)(\[{1,2})\s*([^\]]+?)\s*\]/.exec(line);
    const key = /^(\s*)("[^"]*"|'[^']*'|[\w-]+)\s*=/.exec(line);
    if (header !== null) {
      section = plainName(header[3] ?? '');
      isList = header[2] === '[[';
      places.push({ section, key: undefined, isList, indent: header[1] ?? '', first, count: 1 });
    } else if (key !== null) {
      const count = linesOfValue(lines, first);
      places.push({ section, key: plainName(key[2] ?? ''), isList, indent: key[1] ?? '', first, count });
      first += count - 1;
    }
  }
  return places;
}

const plainName = (written: string): string => written.replace(/["'\s]/g, '');

const MOST_LINES = 1_000;

/** A value goes on until what was read of it is TOML. */
function linesOfValue(lines: readonly string[], first: number): number {
  for (let count = 1; count <= MOST_LINES && first + count <= lines.length; count++) {
    if (parsed(withoutReturns(lines.slice(first, first + count))) !== undefined) return count;
  }
  return 1;
}

const withoutReturns = (lines: readonly string[]): string =>
  lines.map((line) => line.replace(/\r$/, '')).join('\n');

/** What follows the value on its line. Only where it certainly is a comment: a value may hold `#` as well. */
function commentAfter(written: readonly string[]): string {
  const [line = ''] = written;
  if (written.length > 1) return '';
  const comment = /^[^"'#[{]*?(\s+#.*?)\r?$/.exec(line) ?? /^[^"'#]*=\s*"[^"\\]*"(\s+#.*?)\r?$/.exec(line);
  return comment?.[1] ?? '';
}

function tomlOf(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(tomlOf).join(', ')}]`;
  if (isTable(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${quoted(key)} = ${tomlOf(inner)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return String(value);
}

/** JSON escapes all that TOML wants escaped, but for DEL. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007F');
