/**
 * Takes apart what the daemon sends as one stream: pieces with eight bytes before them, of which the first says which
 * stream it is (1 or 2), and the last four how long it is.
 */
export function demultiplexer(onPiece: (stream: 'stdout' | 'stderr', bytes: Buffer) => void) {
  let waiting: Buffer = Buffer.alloc(0);
  let left = 0;
  let stream: 'stdout' | 'stderr' = 'stdout';
  return (chunk: Buffer): void => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (;;) {
      if (left === 0) {
        if (waiting.length < 8) return;
        stream = waiting[0] === 2 ? 'stderr' : 'stdout';
        left = waiting.readUInt32BE(4);
        waiting = waiting.subarray(8);
      }
      if (waiting.length === 0) return;
      const piece = waiting.subarray(0, left);
      left -= piece.length;
      waiting = waiting.subarray(piece.length);
      if (piece.length > 0) onPiece(stream, piece);
    }
  };
}
