import type { Json, JsonObject } from '../../core/json.ts';

/** Of one text in an event. People look at it, nothing is done with it. */
const MOST_CHARACTERS = 16_000;
const MOST_ENTRIES = 200;
const MOST_DEPTH = 8;

/** Beginning and end of a text. */
export function shortText(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const half = MOST_CHARACTERS / 2;
  const left = text.length - MOST_CHARACTERS;
  return `${text.slice(0, half).toWellFormed()}\n… ${left} characters …\n${text.slice(-half).toWellFormed()}`;
}

/** What a foreign program said, so that it fits into an event. */
export function shortJson(value: unknown, depth = 0): Json {
  if (typeof value === 'string') return shortText(value);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MOST_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((entry) => shortJson(entry, depth + 1));
  const entries = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(entries.map(([name, entry]) => [shortText(name), shortJson(entry, depth + 1)]));
}

/** One message to the orchestrator has a mebibyte at most, and a character three bytes. */
const MOST_JSON_CHARACTERS = 300_000;

/** The fields of an event, or as much of them as it may have. */
export function shortFields(fields: JsonObject): JsonObject {
  const short = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shortJson(value)]));
  const text = JSON.stringify(short);
  return text.length <= MOST_JSON_CHARACTERS ? short : { content: shortText(text) };
}
