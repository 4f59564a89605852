/**
 * A text in pieces of at most so many UTF-8 bytes: cut between paragraphs, else lines, else words, else anywhere
 * between characters. The beginning of a text that has grown is cut as before.
 */
export function splitText(text: string, maxBytes: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (Buffer.byteLength(rest) > maxBytes) {
    const at = cutOf(rest, maxBytes);
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).replace(/^\s+/, '');
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

function cutOf(text: string, maxBytes: number): number {
  // A UTF-16 unit has at most three bytes, so what is looked at is bounded.
  const start = text.slice(0, maxBytes);
  const fitting = Buffer.from(start)
    .subarray(0, maxBytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  const most = Math.min(fitting.length, start.length);
  for (const separator of ['\n\n', '\n', ' ']) {
    const at = fitting.lastIndexOf(separator);
    if (at > most / 2) return at + separator.length;
  }
  return Math.max(most, 1);
}
