import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { lineOfPlace, type Place } from './toml-places.ts';

/** Why a file of the owner's cannot be used. */
export interface FileTrouble {
  readonly file: string;
  /** From 1; undefined where it is the file as a whole. */
  readonly line: number | undefined;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export interface CheckedToml<T> {
  readonly value: T;
  /** For people: `/srv/ironbark/policy.toml, line 2`. */
  where(place: Place): string;
}

export interface TomlFormat<S extends z.ZodType> {
  readonly schema: S;
  readonly maxBytes: number;
  /** The keys that are allowed at a place, for whoever wrote another. */
  allowedAt(place: Place): readonly string[];
  /** What to do where the file is too large, is no TOML, or breaks a rule of the schema. */
  readonly hints: { readonly size: string; readonly syntax: string; readonly schema: string };
}

/** What a file of these bytes says, or the first mistake in it. Nothing of a mistaken file counts. */
export function readCheckedToml<S extends z.ZodType>(
  file: string,
  bytes: Uint8Array,
  format: TomlFormat<S>,
): Result<CheckedToml<z.output<S>>, FileTrouble> {
  const trouble = (mistake: Mistake) => err({ file, ...mistake });
  const source = toText(bytes, format);
  if (!source.ok) return trouble(source.error);
  const written = parseToml(source.value, format.hints.syntax);
  if (!written.ok) return trouble(written.error);
  const checked = format.schema.safeParse(written.value);
  if (!checked.success) return trouble(mistakeOf(checked.error, written.value, source.value, format));
  const where = (place: Place): string => placed(file, lineOfPlace(source.value, place));
  return ok({ value: checked.data, where });
}

type Mistake = Omit<FileTrouble, 'file'>;
type Format = TomlFormat<z.ZodType>;

function toText(bytes: Uint8Array, { maxBytes, hints }: Format): Result<string, Mistake> {
  const line = undefined;
  if (bytes.length > maxBytes)
    return err({ line, message: `it has more than ${maxBytes} bytes`, hint: hints.size });
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return err({ line, message: 'it is not a text in UTF-8', hint: hints.syntax });
  }
}

/** A place in a file, for people: `/srv/ironbark/policy.toml, line 2`. */
export const placed = (file: string, line: number | undefined): string =>
  line === undefined ? file : `${file}, line ${line}`;

function parseToml(source: string, hint: string): Result<unknown, Mistake> {
  try {
    return ok(parse(source));
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    const [first = ''] = thrown.message.split('\n');
    return err({ line: thrown.line, message: first.replace('Invalid TOML document: ', ''), hint });
  }
}

function mistakeOf(
  { issues: [issue] }: z.ZodError,
  written: unknown,
  source: string,
  format: Format,
): Mistake {
  const hint = format.hints.schema;
  if (issue === undefined) return { line: undefined, message: 'it is mistaken', hint };
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  // An unknown key is pointed at itself rather than at the section it stands in.
  const place = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
  return { line: lineOfPlace(source, place), message: complaint(issue, path, written, format), hint };
}

function complaint(issue: z.core.$ZodIssue, path: Place, written: unknown, { allowedAt }: Format): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown key "${issue.keys[0]}" (allowed: ${allowedAt(path).join(', ')})`;
  const name = path.findLast((part) => typeof part === 'string') ?? 'it';
  return `${name} ${isThere(written, path) ? issue.message : `is missing; it ${issue.message}`}`;
}

function isThere(written: unknown, place: Place): boolean {
  let value = written;
  for (const part of place) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false;
    value = Object.entries(value).find(([key]) => key === String(part))?.[1];
  }
  return true;
}
