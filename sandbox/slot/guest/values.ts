/**
 * What crosses between host and guest, as the guest interface's types look in JavaScript: a record is an object with
 * camelCase fields, an option is undefined or the value, a variant `{ tag, val }`, an enum its case's name, a u64 a
 * bigint, and a list of u8 a Uint8Array.
 */
export type GuestValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly GuestValue[]
  | { readonly [field: string]: GuestValue };

/** The bytes that travel beside a JSON header. */
export interface RawParts {
  readonly parts: Uint8Array[];
  length: number;
}

/** From this length on, in UTF-16 code units, text travels as bytes: reading it back costs no parsing. */
const LONG_TEXT = 4096;

const MAX_DEPTH = 64;

export const rawParts = (): RawParts => ({ parts: [], length: 0 });

/**
 * What crosses as JSON, with long text and bytes put into `raw`. An object with the field `$` is a mark: b(ytes), t(ext),
 * n(umber, big), u(ndefined), or o(bject that itself has a field `$`). O(size).
 */
export function pack(value: unknown, raw: RawParts, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new RangeError(`Values may be nested ${MAX_DEPTH} deep at most.`);
  if (value === undefined) return { $: 'u' };
  if (typeof value === 'bigint') return { $: 'n', v: value.toString() };
  if (typeof value === 'string') return packText(value, raw);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (value instanceof Uint8Array) return packBytes('b', value, raw);
  if (Array.isArray(value)) return value.map((item) => pack(item, raw, depth + 1));
  if (isObject(value)) return packObject(value, raw, depth);
  throw new TypeError(`A ${typeof value} cannot cross between host and guest.`);
}

function packText(text: string, raw: RawParts): unknown {
  return text.length < LONG_TEXT ? text : packBytes('t', new TextEncoder().encode(text), raw);
}

function packBytes(mark: 'b' | 't', bytes: Uint8Array, raw: RawParts): unknown {
  const at = raw.length;
  raw.parts.push(bytes);
  raw.length += bytes.length;
  return { $: mark, at, n: bytes.length };
}

function packObject(value: Record<string, unknown>, raw: RawParts, depth: number): unknown {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => [name, pack(field, raw, depth + 1)]);
  const packed: unknown = Object.fromEntries(fields);
  return Object.hasOwn(value, '$') ? { $: 'o', v: packed } : packed;
}

/** The reverse of `pack`. Throws where `packed` is not what `pack` makes. Bytes are views into `raw`. */
export function unpack(packed: unknown, raw: Uint8Array, depth = 0): GuestValue {
  if (depth > MAX_DEPTH) throw new RangeError(`Values may be nested ${MAX_DEPTH} deep at most.`);
  if (
    packed === null ||
    typeof packed === 'boolean' ||
    typeof packed === 'number' ||
    typeof packed === 'string'
  )
    return packed;
  if (Array.isArray(packed)) return packed.map((item) => unpack(item, raw, depth + 1));
  if (!isObject(packed)) throw new TypeError('A value has an unknown form.');
  return Object.hasOwn(packed, '$') ? unpackMark(packed, raw, depth) : unpackObject(packed, raw, depth);
}

function unpackMark(mark: Record<string, unknown>, raw: Uint8Array, depth: number): GuestValue {
  switch (mark.$) {
    case 'u':
      return undefined;
    case 'n':
      return unpackBig(mark.v);
    case 'b':
      return slice(mark, raw);
    case 't':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(slice(mark, raw));
    case 'o':
      return isObject(mark.v) ? unpackObject(mark.v, raw, depth) : unknownMark();
    default:
      return unknownMark();
  }
}

function unknownMark(): never {
  throw new TypeError('A value has an unknown mark.');
}

function unpackBig(digits: unknown): bigint {
  if (typeof digits !== 'string' || !/^-?\d{1,20}$/.test(digits))
    throw new TypeError('A number is malformed.');
  return BigInt(digits);
}

function slice({ at, n }: Record<string, unknown>, raw: Uint8Array): Uint8Array {
  if (!isLength(at) || !isLength(n) || at + n > raw.length)
    throw new RangeError('A value lies outside its bytes.');
  return new Uint8Array(raw.buffer, raw.byteOffset + at, n);
}

function unpackObject(packed: Record<string, unknown>, raw: Uint8Array, depth: number): GuestValue {
  return Object.fromEntries(
    Object.entries(packed).map(([name, field]) => [name, unpack(field, raw, depth + 1)]),
  );
}

const isLength = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All parts as one array; without a copy where there is only one. */
export function joined({ parts, length }: RawParts): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
