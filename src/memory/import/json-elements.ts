import { err, ok, type Result } from '../../core/result.ts';

/** Largest element that is read. The largest conversations that people report have 20 MB. */
const MAX_ELEMENT_BYTES = 64 * 1024 * 1024;

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/**
 * The objects in a JSON array, one after the other, so that the array is never held as a whole: at most one element
 * and one chunk are. An error stands for one element, or is the last thing that comes: what is wrong, as a sentence.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Result<unknown, string>> {
  const scanner = new ElementScanner();
  for await (const chunk of chunks) {
    for (const element of scanner.take(chunk)) yield element;
    if (scanner.end === 'broken') return;
  }
  const complaint = scanner.complaint();
  if (complaint !== undefined) yield err(complaint);
}

/** Where the reader is: before the array, in it between elements, in an element, or behind all that it can read. */
type Place = 'before' | 'between' | 'inside' | 'after' | 'broken';

class ElementScanner {
  #place: Place = 'before';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  get end(): Place {
    return this.#place;
  }

  complaint(): string | undefined {
    if (this.#place === 'after') return undefined;
    if (this.#place === 'before') return 'It is empty.';
    return 'It ends before its list does: the file is incomplete.';
  }

  *take(chunk: Uint8Array): Generator<Result<unknown, string>> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#place !== 'inside') {
        const wrong = this.#between(byte);
        if (wrong !== undefined) {
          this.#place = 'broken';
          yield err(wrong);
          return;
        }
        start = at;
        continue;
      }
      if (!this.#closes(byte)) continue;
      this.#keep(chunk.subarray(start, at + 1));
      this.#place = 'between';
      yield this.#parsed();
    }
    if (this.#place !== 'inside') return;
    this.#keep(chunk.slice(start));
    if (this.#bytes <= MAX_ELEMENT_BYTES) return;
    this.#place = 'broken';
    yield err(`One of its entries has more than ${MAX_ELEMENT_BYTES} bytes; what follows was not read.`);
  }

  /** What is wrong with a byte outside of elements, or undefined. */
  #between(byte: number): string | undefined {
    if (isBlank(byte)) return undefined;
    if (this.#place === 'before') {
      if (byte !== OPEN_BRACKET) return 'It is not a list in JSON.';
      this.#place = 'between';
      return undefined;
    }
    if (this.#place === 'after') return 'Something follows the end of its list.';
    if (byte === COMMA) return undefined;
    if (byte === CLOSE_BRACKET) {
      this.#place = 'after';
      return undefined;
    }
    if (byte !== OPEN_BRACE) return 'Its list holds something other than objects; what follows was not read.';
    this.#place = 'inside';
    this.#depth = 1;
    return undefined;
  }

  /** Whether the element ends with this byte. UTF-8 has none of these bytes inside a longer character. */
  #closes(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#depth--;
    return this.#depth === 0;
  }

  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  #parsed(): Result<unknown, string> {
    const text = Buffer.concat(this.#pieces).toString('utf8');
    this.#pieces = [];
    this.#bytes = 0;
    try {
      return ok(JSON.parse(text));
    } catch {
      return err('It is not valid JSON.');
    }
  }
}

/** White space of JSON, and the three bytes of a byte order mark. */
const isBlank = (byte: number): boolean =>
  byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xef || byte === 0xbb || byte === 0xbf;
