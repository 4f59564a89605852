import type { Readable } from 'node:stream';

/** A line of a program that speaks JSON. More is no message, and is passed over. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** The lines of a stream, without those that are empty or too long. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let pieces: string[] = [];
  let length = 0;
  const line = (): string => (length > MOST_CHARACTERS ? '' : pieces.join(''));
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    for (const [at, piece] of String(chunk).split('\n').entries()) {
      if (at > 0) {
        const whole = line();
        if (whole !== '') yield whole;
        pieces = [];
        length = 0;
      }
      length += piece.length;
      // What is too long already is not kept.
      if (length <= MOST_CHARACTERS) pieces.push(piece);
      else pieces = [];
    }
  }
  const rest = line();
  if (rest !== '') yield rest;
}
