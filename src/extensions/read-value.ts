import { isJsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import { below, type Findings, type Place, quoted } from './findings.ts';

/** The normal form of a text, or what is wrong with it: follows the name of the field in a sentence. */
export type TextRule = (text: string) => Result<string, string>;

/** More entries than any honest manifest has; keeps every later comparison of lists short. */
const MAX_ITEMS = 64;

/** A text that must obey a rule. */
export function readText(findings: Findings, place: Place | undefined, rule: TextRule): string | undefined {
  if (place === undefined) return undefined;
  if (typeof place.value !== 'string') return wrongType(findings, place, 'a string');
  const checked = rule(place.value);
  if (checked.ok) return checked.value;
  findings.trouble(place.path, checked.error);
  return undefined;
}

/** A text without which its object makes no sense. */
export function readRequired(
  findings: Findings,
  parent: string,
  key: string,
  place: Place | undefined,
  rule: TextRule,
): string | undefined {
  if (place === undefined) findings.trouble(below(parent, key), 'is missing');
  return readText(findings, place, rule);
}

const MAX_PROSE = 4096;

/** What could rewrite a terminal's screen or turn the order of what is read: C0 and C1 controls, bidi overrides. */
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Words for a person or a model, cut to 4,096 characters. */
export function readProse(findings: Findings, place: Place | undefined): string | undefined {
  if (place === undefined) return undefined;
  if (typeof place.value !== 'string') return wrongType(findings, place, 'a string');
  const text = place.value.toWellFormed();
  const printable = text.replace(UNPRINTABLE, (found) => (found === '\n' || found === '\t' ? found : ''));
  if (printable.length < text.length)
    findings.note(place.path, 'holds control characters; they were removed');
  if (printable.length <= MAX_PROSE) return printable;
  findings.note(place.path, `has ${printable.length} characters; it was cut to ${MAX_PROSE}`);
  return printable.slice(0, MAX_PROSE).toWellFormed();
}

export function readFlag(findings: Findings, place: Place | undefined, fallback: boolean): boolean {
  if (place === undefined) return fallback;
  if (typeof place.value === 'boolean') return place.value;
  wrongType(findings, place, 'true or false');
  return fallback;
}

export interface NumberRule {
  readonly fallback: number;
  /** One more than this is clamped to it, with a note. */
  readonly most: number;
  /** Less than this is raised to it, with a note. Without it, what is below 1 is a mistake. */
  readonly raisedTo?: number;
}

/** A whole number, at least 1. */
export function readNumber(findings: Findings, place: Place | undefined, rule: NumberRule): number {
  if (place === undefined) return rule.fallback;
  const { path, value } = place;
  const wanted = `a whole number from 1 to ${rule.most}`;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    wrongType(findings, place, wanted);
    return rule.fallback;
  }
  const clamped = Math.max(Math.min(value, rule.most), rule.raisedTo ?? 1);
  if (clamped !== value) findings.note(path, `is ${value}; ${clamped} is used instead, which is the limit`);
  return clamped;
}

/** Every entry that can be read; no list at all is an empty one. */
export function readList<T>(
  findings: Findings,
  place: Place | undefined,
  readItem: (item: Place) => T | undefined,
): readonly T[] {
  if (place === undefined) return [];
  const { path, value } = place;
  if (!Array.isArray(value)) return wrongType(findings, place, 'a list') ?? [];
  if (value.length > MAX_ITEMS)
    findings.trouble(path, `has ${value.length} entries; ${MAX_ITEMS} are allowed`);
  return value
    .slice(0, MAX_ITEMS)
    .flatMap((item, at) => readItem({ path: below(path, at), value: item }) ?? []);
}

/** A list of texts that obey a rule, each of them once. */
export function readTexts(findings: Findings, place: Place | undefined, rule: TextRule): readonly string[] {
  return [...new Set(readList(findings, place, (item) => readText(findings, item, rule)))];
}

/** Every entry of an object whose keys the author chose. */
export function readEntries<T>(
  findings: Findings,
  place: Place | undefined,
  readEntry: (key: string, value: Place) => T | undefined,
): readonly T[] {
  if (place === undefined) return [];
  const { path, value } = place;
  if (!isJsonObject(value)) return wrongType(findings, place, 'an object') ?? [];
  const entries = Object.entries(value);
  if (entries.length > MAX_ITEMS)
    findings.trouble(path, `has ${entries.length} entries; ${MAX_ITEMS} are allowed`);
  return entries
    .slice(0, MAX_ITEMS)
    .flatMap(([key, inner]) => readEntry(key, { path: below(path, key), value: inner }) ?? []);
}

/** An object of texts, without a prototype: its keys are the author's. */
export function readTextRecord(
  findings: Findings,
  place: Place | undefined,
): Readonly<Record<string, string>> {
  const record: Record<string, string> = Object.create(null);
  readEntries(findings, place, (key, value) => {
    const text = readProse(findings, value);
    if (text !== undefined) record[key] = text;
    return undefined;
  });
  return record;
}

function wrongType(findings: Findings, { path, value }: Place, wanted: string): undefined {
  findings.trouble(path, `must be ${wanted}, not ${quoted(value)}`);
  return undefined;
}
