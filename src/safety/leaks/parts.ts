/** How much of a long text is looked at in one go, in characters. */
const PART = 64 * 1024;
/** What else is seen: before a part for what leads up to a key, after it for the rest of one that begins in it. */
const BEFORE = 1024;
const AFTER = 24 * 1024;

export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What `find` finds in a text of any length, a part at a time; between parts the event loop gets its turn. A find
 * belongs to the part it begins in and is seen there whole, unless it has more than 24,000 characters.
 */
export async function* findInParts<Found extends Span>(
  text: string,
  find: (part: string) => readonly Found[],
): AsyncGenerator<Found> {
  for (let part = 0; part < text.length; part += PART) {
    if (part > 0) await new Promise(setImmediate);
    const from = Math.max(0, part - BEFORE);
    for (const found of find(text.slice(from, part + PART + AFTER))) {
      const start = from + found.start;
      if (start >= part && start < part + PART) yield { ...found, start, end: from + found.end };
    }
  }
}

/** Bytes as UTF-8 text, in parts as well. A byte order mark stays, so that places are those of `toString()`. */
export async function decodedInParts(bytes: Uint8Array): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += PART * 4) {
    if (at > 0) await new Promise(setImmediate);
    texts.push(decoder.decode(bytes.subarray(at, at + PART * 4), { stream: true }));
  }
  return texts.join('') + decoder.decode();
}
