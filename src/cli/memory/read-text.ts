import { isUtf8 } from 'node:buffer';
import { IronbarkError } from '../../core/errors.ts';
import type { Terminal } from '../context.ts';

/** Longest text that is taken from standard input, in bytes: more than any document may have. */
const MAX_BYTES = 1024 * 1024;

/** The text that was given, or all of standard input: for `-`, and where it is not a terminal. */
export async function readText(given: string | undefined, { stdin }: Terminal): Promise<string> {
  if (given !== undefined && given !== '-') return given;
  if (given === undefined && stdin.isTTY)
    throw new IronbarkError(
      'usage',
      'The text is missing.',
      'Give it after the path, or "-" to type or pipe it.',
    );
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    bytes += Buffer.byteLength(chunk);
    if (bytes > MAX_BYTES)
      throw new IronbarkError(
        'usage',
        'The text is too long for a document.',
        'Try: ironbark memory import FILE',
      );
  }
  return textOf(Buffer.concat(chunks));
}

/** Signs put in the place of what is none would be stored, and nobody would know. */
function textOf(bytes: Buffer): string {
  if (!bytes.includes(0) && isUtf8(bytes)) return bytes.toString('utf8');
  throw new IronbarkError(
    'usage',
    'What came from standard input is not UTF-8 text.',
    'Save it as UTF-8, or describe it in words: memory holds texts only.',
  );
}
