import type { IncomingMessage } from 'node:http';

/** So many small pieces are nobody's fault: servers flush lines or words. */
const HARMLESS_PIECES = 20_000;
const FEWEST_BYTES_A_PIECE = 16;
/** Some 1.5 ms of work at the cost below. */
const PIECES_A_TURN = 1_000;

/**
 * Each piece of a chunked body costs work, however small it is: 10 MB of single bytes took 14 s (1.4 µs a piece) and held
 * the event loop for up to 0.7 s at a time, measured. So other work gets its turn after a thousand pieces, and
 * `refuse` is called where a body consists of crumbs.
 */
export function watchCrumbs(response: IncomingMessage, refuse: () => void): void {
  let pieces = 0;
  let bytes = 0;
  response.on('data', (piece: Uint8Array) => {
    pieces++;
    bytes += piece.length;
    if (pieces > HARMLESS_PIECES + bytes / FEWEST_BYTES_A_PIECE) return refuse();
    if (pieces % PIECES_A_TURN === 0) takeBreath(response);
  });
}

/** The response and not its socket: one whose socket was paused and never resumed arrived all the same. */
function takeBreath(response: IncomingMessage): void {
  response.pause();
  setImmediate(() => response.resume());
}
