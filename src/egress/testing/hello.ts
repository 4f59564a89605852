/** A hand-made beginning of TLS, as far as a reader of names looks at it. */
export function clientHello({
  names = [] as readonly string[],
  extensions = [] as readonly Buffer[],
  recordBytes = 16_384,
} = {}): Buffer {
  const all = Buffer.concat([...names.map((name) => serverName(name)), ...extensions]);
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    sized(1, Buffer.alloc(32, 9)),
    sized(2, Buffer.from([0x13, 0x01])),
    sized(1, Buffer.from([0])),
    sized(2, all),
  ]);
  const message = Buffer.concat([Buffer.from([1]), sized(3, body)]);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += recordBytes) {
    records.push(Buffer.from([22, 3, 1]), sized(2, message.subarray(at, at + recordBytes)));
  }
  return Buffer.concat(records);
}

/** The extension that names a host. */
const serverName = (name: string): Buffer =>
  extension(0, sized(2, Buffer.concat([Buffer.from([0]), sized(2, Buffer.from(name, 'latin1'))])));

export function extension(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(type);
  return Buffer.concat([head, sized(2, data)]);
}

/** After its own length in so many bytes. */
function sized(bytes: number, data: Buffer): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(data.length, 0, bytes);
  return Buffer.concat([length, data]);
}
