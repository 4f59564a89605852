/**
 * A frame on the pipes between host and slot: five little-endian u32 (length of all that follows the first, kind,
 * call, component, length of the header), a JSON header, and bytes beside it. Who a frame concerns stands outside of
 * the JSON, so that a slot can hand on what a guest's realm wrote without reading it.
 */
export interface Frame {
  /** Of `KIND`. */
  readonly kind: number;
  /** The call's number in this slot; 0 where none is meant. */
  readonly call: number;
  /** The component's number in this slot; 0 where none is meant. */
  readonly component: number;
  readonly header: string;
  readonly raw: Uint8Array;
}

const HEAD = 20;

/** Below this a copy into one buffer is cheaper than writing in pieces. */
const COPY_LIMIT = 16_384;

/** The bytes to write, in one piece or few. */
export function encodeFrame({ kind, call, component, header, raw }: Frame): readonly Uint8Array[] {
  const text = Buffer.from(header);
  const inline = raw.length <= COPY_LIMIT;
  const first = Buffer.allocUnsafe(HEAD + text.length + (inline ? raw.length : 0));
  first.writeUInt32LE(HEAD - 4 + text.length + raw.length, 0);
  first.writeUInt32LE(kind, 4);
  first.writeUInt32LE(call, 8);
  first.writeUInt32LE(component, 12);
  first.writeUInt32LE(text.length, 16);
  first.set(text, HEAD);
  if (!inline) return [first, raw];
  first.set(raw, HEAD + text.length);
  return [first];
}

export interface FrameLimits {
  /** Bytes of a frame in all. */
  readonly frame: number;
  /** Bytes of its JSON header. */
  readonly header: number;
}

export interface FrameReader {
  /** Takes what arrived, and returns what is wrong with it or undefined. After a fault nothing more is read. */
  readonly push: (chunk: Uint8Array) => string | undefined;
}

/** Calls back for each whole frame. O(bytes): what belongs to an unfinished frame is kept in pieces. */
export function createFrameReader(limits: FrameLimits, onFrame: (frame: Frame) => void): FrameReader {
  let pieces: Uint8Array[] = [];
  let available = 0;
  let awaited = HEAD;
  let fault: string | undefined;
  const take = (whole: Buffer): Buffer => {
    let rest = whole;
    while (rest.length >= HEAD) {
      fault = faultOf(rest, limits);
      awaited = 4 + rest.readUInt32LE(0);
      if (fault || rest.length < awaited) return rest;
      onFrame(decode(rest.subarray(0, awaited)));
      rest = rest.subarray(awaited);
      awaited = HEAD;
    }
    return rest;
  };
  return {
    push(chunk) {
      if (fault) return fault;
      pieces.push(chunk);
      available += chunk.length;
      if (available < awaited) return undefined;
      const rest = take(Buffer.concat(pieces, available));
      pieces = rest.length > 0 ? [rest] : [];
      available = rest.length;
      return fault;
    },
  };
}

function faultOf(head: Buffer, limits: FrameLimits): string | undefined {
  const length = 4 + head.readUInt32LE(0);
  const header = head.readUInt32LE(16);
  if (length < HEAD || length > limits.frame) return `a frame of ${length} bytes`;
  if (header > limits.header || HEAD + header > length) return `a header of ${header} bytes`;
  return undefined;
}

function decode(bytes: Buffer): Frame {
  const end = HEAD + bytes.readUInt32LE(16);
  return {
    kind: bytes.readUInt32LE(4),
    call: bytes.readUInt32LE(8),
    component: bytes.readUInt32LE(12),
    header: bytes.toString('utf8', HEAD, end),
    raw: new Uint8Array(bytes.buffer, bytes.byteOffset + end, bytes.length - end),
  };
}
