import type { Value } from './database.ts';

/** A parameter as it travels to the server: PostgreSQL's text form, raw bytes for `bytea`, or null. */
export type WireValue = string | null | Uint8Array;

/** A column of a result: its name and the object id of its type. */
export interface Column {
  readonly name: string;
  readonly type: number;
}

/** Both drivers are handed values in this one form, so that they cannot differ. */
export function encodeValue(value: Value): WireValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  return `{${value.map(encodeElement).join(',')}}`;
}

function encodeElement(element: string | number): string {
  if (typeof element === 'number') return String(element);
  return `"${element.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * A column's text as the value callers see. Types without a rule here stay text, as PostgreSQL writes them:
 * `numeric`, `date`, `timestamp` and others lose something in every JavaScript type.
 */
export function decodeValue(type: number, text: string | null): unknown {
  if (text === null) return null;
  const element = ARRAYS.get(type);
  if (element !== undefined) return decodeArray(element, text);
  return (DECODERS.get(type) ?? asText)(text);
}

const asText = (text: string): unknown => text;

// Object ids are fixed by PostgreSQL's pg_type.dat.
const DECODERS: ReadonlyMap<number, (text: string) => unknown> = new Map([
  [16, (text: string) => text === 't'],
  [17, decodeBytes],
  [20, Number],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [114, JSON.parse],
  [3802, JSON.parse],
  [1184, decodeTimestamp],
]);

/** Array types to the type of their elements. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1005, 21],
  [1007, 23],
  [1016, 20],
  [1028, 26],
  [1021, 700],
  [1022, 701],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [1003, 19],
  [199, 114],
  [3807, 3802],
  [1185, 1184],
  [1231, 1700],
  [2951, 2950],
]);

function decodeBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice('\\x'.length), 'hex'));
}

const TIMESTAMP = /^(\d{4,})-(\d\d)-(\d\d) ([\d:.]+)([+-]\d\d)(?::(\d\d))?(?::\d\d)?( BC)?$/;
const LAST_DATE_MS = 8.64e15;

/** Infinity becomes the last (or first) moment a Date can hold, so that comparing still works. */
function decodeTimestamp(text: string): Date {
  if (text === 'infinity') return new Date(LAST_DATE_MS);
  if (text === '-infinity') return new Date(-LAST_DATE_MS);
  const [, year = '', month, day, time, hours, minutes = '00', bc] = TIMESTAMP.exec(text) ?? [];
  return new Date(`${isoYear(year, bc !== undefined)}-${month}-${day}T${time}${hours}:${minutes}`);
}

function isoYear(digits: string, bc: boolean): string {
  if (bc) return `-${String(Number(digits) - 1).padStart(6, '0')}`;
  return digits.length > 4 ? `+${digits.padStart(6, '0')}` : digits;
}

/** One quoted or bare element, or a brace, of an array's text form. */
const ARRAY_TOKEN = /[{}]|"((?:[^"\\]|\\.)*)"|([^{},"]+)/gs;

function decodeArray(element: number, text: string): unknown {
  const open: unknown[][] = [[]];
  for (const [token, quoted, bare] of text.matchAll(ARRAY_TOKEN)) {
    if (token === '{') open.push([]);
    else if (token === '}') closeArray(open);
    else open.at(-1)?.push(decodeElement(element, quoted, bare));
  }
  return open[0]?.[0];
}

function closeArray(open: unknown[][]): void {
  const finished = open.pop();
  open.at(-1)?.push(finished);
}

function decodeElement(element: number, quoted: string | undefined, bare: string | undefined): unknown {
  if (quoted !== undefined) return decodeValue(element, quoted.replace(/\\(.)/gs, '$1'));
  return decodeValue(element, bare === undefined || bare === 'NULL' ? null : bare);
}
