/** What a command printed, as much as is kept of it. */
export interface CappedOutput {
  add(chunk: Buffer): void;
  text(): string;
}

/**
 * Keeps the first and the last half of so many bytes, and counts what lies between. Memory: twice that at most. Bytes
 * that are not UTF-8 are replaced.
 */
export function createCappedOutput(maxBytes: number): CappedOutput {
  const half = Math.floor(maxBytes / 2);
  let head = Buffer.alloc(0);
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let dropped = 0;
  const trim = () => {
    const joined = Buffer.concat(tail);
    const kept = joined.subarray(Math.max(0, joined.length - half));
    dropped += joined.length - kept.length;
    tail = [Buffer.from(kept)];
    tailBytes = kept.length;
  };
  return {
    add(chunk) {
      const room = half - head.length;
      if (room > 0) head = Buffer.concat([head, chunk.subarray(0, room)]);
      const rest = chunk.subarray(Math.max(0, room));
      if (rest.length === 0) return;
      // Of one chunk no more than half is ever kept.
      const kept = rest.subarray(Math.max(0, rest.length - half));
      if (kept.length < rest.length) {
        dropped += tailBytes + rest.length - kept.length;
        tail = [];
        tailBytes = 0;
      }
      tail.push(Buffer.from(kept));
      tailBytes += kept.length;
      if (tailBytes > 2 * half) trim();
    },
    text() {
      trim();
      const [last = Buffer.alloc(0)] = tail;
      if (dropped === 0) return Buffer.concat([head, last]).toString('utf8');
      const [from, to] = [startOfCharacter(last), endOfCharacter(head)];
      const cut = dropped + from + (head.length - to);
      return `${head.toString('utf8', 0, to)}\n[… ${cut} bytes left out …]\n${last.toString('utf8', from)}`;
    },
  };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where the first whole character begins. */
function startOfCharacter(bytes: Buffer): number {
  let at = 0;
  while (at < 3 && isContinuation(bytes[at])) at++;
  return at;
}

/** Where the last whole character ends. */
function endOfCharacter(bytes: Buffer): number {
  let at = bytes.length;
  while (at > bytes.length - 4 && isContinuation(bytes[at - 1])) at--;
  const lead = bytes[at - 1] ?? 0;
  const width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return at - 1 + width <= bytes.length ? bytes.length : at - 1;
}
