/**
 * The first words of an encrypted connection, as far as they say for whom they are (RFC 8446, 4.1.2; RFC 6066, 3).
 * - `incomplete`: more must be read;
 * - `broken`: this is not, or not properly, the beginning of TLS.
 */
export type ClientHello =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'broken' }
  | {
      readonly kind: 'read';
      /** In lower case; undefined where it names no host. */
      readonly serverName: string | undefined;
      /** It holds a second hello that only the server can read (ECH). */
      readonly hidesAnother: boolean;
    };

/** Those with keys for today's and tomorrow's algorithms have about 2 KiB. */
export const MAX_HELLO_BYTES = 16 * 1024;

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const ENCRYPTED_CLIENT_HELLO = 0xfe0d;

const INCOMPLETE: ClientHello = { kind: 'incomplete' };
const BROKEN: ClientHello = { kind: 'broken' };

/** Reads as much as is there; `bytes` are all that came so far. */
export function readClientHello(bytes: Buffer): ClientHello {
  const message = handshakeMessage(bytes);
  if (message === 'incomplete') return bytes.length > MAX_HELLO_BYTES ? BROKEN : INCOMPLETE;
  if (message === 'broken') return BROKEN;
  try {
    return helloIn(createCursor(message));
  } catch (thrown) {
    if (thrown instanceof RangeError) return BROKEN;
    throw thrown;
  }
}

/** A client that spreads its hello over more has something to hide; none of those in use needs more than two. */
const MAX_RECORDS = 16;

/** The body of the first handshake message, put together from the records that it may be spread over. */
function handshakeMessage(bytes: Buffer): Buffer | 'incomplete' | 'broken' {
  const pieces: Buffer[] = [];
  let have = 0;
  let need = Number.POSITIVE_INFINITY;
  for (let at = 0; at < bytes.length; ) {
    const record = recordAt(bytes, at);
    if (typeof record === 'string') return record;
    if (pieces.push(record.payload) > MAX_RECORDS) return 'broken';
    have += record.payload.length;
    if (pieces.length === 1) need = messageBytes(record.payload, record.isWhole);
    if (need === 0) return 'broken';
    if (have >= need) return Buffer.concat(pieces).subarray(HEADER_BYTES, need);
    if (!record.isWhole) return 'incomplete';
    at = record.end;
  }
  return 'incomplete';
}

/** As much of a record as is there. */
function recordAt(bytes: Buffer, at: number) {
  if (bytes[at] !== HANDSHAKE_RECORD) return 'broken';
  if (at + 1 < bytes.length && bytes[at + 1] !== 3) return 'broken';
  if (at + 5 > bytes.length) return 'incomplete';
  const length = bytes.readUInt16BE(at + 3);
  if (length === 0 || length > MAX_HELLO_BYTES) return 'broken';
  const end = at + 5 + length;
  return { payload: bytes.subarray(at + 5, end), isWhole: end <= bytes.length, end };
}

/** Type and length. */
const HEADER_BYTES = 4;

/** Of the message with its header, from its first record; 0 where it is none that may be. */
function messageBytes(first: Buffer, isWhole: boolean): number {
  if (first.length < HEADER_BYTES) return isWhole ? 0 : Number.POSITIVE_INFINITY;
  const length = HEADER_BYTES + first.readUIntBE(1, 3);
  return first[0] === CLIENT_HELLO && length <= MAX_HELLO_BYTES ? length : 0;
}

function helloIn(hello: Cursor): ClientHello {
  // Version and random.
  hello.take(2 + 32);
  // Session, ciphers, compression.
  hello.vector(1);
  hello.vector(2);
  hello.vector(1);
  const extensions = hello.left() === 0 ? createCursor(Buffer.alloc(0)) : createCursor(hello.vector(2));
  if (hello.left() > 0) return BROKEN;
  const found = new Map<number, Buffer>();
  while (extensions.left() > 0) {
    const type = extensions.number(2);
    const data = extensions.vector(2);
    // Whoever sends one twice wants two readers to see two hosts.
    if (found.has(type)) return BROKEN;
    found.set(type, data);
  }
  const names = found.get(SERVER_NAME);
  const serverName = names === undefined ? undefined : nameIn(createCursor(names));
  if (serverName === null) return BROKEN;
  return { kind: 'read', serverName, hidesAnother: found.has(ENCRYPTED_CLIENT_HELLO) };
}

/** The one host name in the list; null where there is not exactly one. */
function nameIn(extension: Cursor): string | null {
  const list = createCursor(extension.vector(2));
  if (extension.left() > 0 || list.number(1) !== 0) return null;
  const name = list.vector(2).toString('latin1').toLowerCase();
  return list.left() > 0 || name === '' ? null : name;
}

interface Cursor {
  left(): number;
  take(count: number): Buffer;
  number(size: number): number;
  /** What follows its own length, which has `size` bytes. */
  vector(size: number): Buffer;
}

/** Throws a `RangeError` where more is asked for than there is. */
function createCursor(bytes: Buffer): Cursor {
  let at = 0;
  const cursor: Cursor = {
    left: () => bytes.length - at,
    take(count) {
      if (count > bytes.length - at) throw new RangeError('a TLS message ends too early');
      at += count;
      return bytes.subarray(at - count, at);
    },
    number: (size) => cursor.take(size).readUIntBE(0, size),
    vector: (size) => cursor.take(cursor.number(size)),
  };
  return cursor;
}
