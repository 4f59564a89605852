import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import type { Refusal } from './refusal.ts';

/**
 * The body of a request, checked. Whatever a container sends, it costs no more than `maxBytes` of memory, and few
 * milliseconds a mebibyte.
 */
export async function readBody<T>(
  request: IncomingMessage,
  schema: z.ZodType<T>,
  maxBytes: number,
): Promise<Result<T, Refusal>> {
  const text = await readText(request, maxBytes);
  if (!text.ok) return text;
  const parsed = parseJson(text.value);
  if (!parsed.ok) return parsed;
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return ok(checked.data);
  const [issue] = checked.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  const message = `${field || 'the body'}: ${issue?.message ?? 'is not what was expected'}`;
  return err({ status: 400, code: 'invalid', message, ...(field !== '' && { field }) });
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<Result<string, Refusal>> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return err(tooLarge(maxBytes));
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    // The answer still has to get through.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(piece)) continue;
      bytes += piece.length;
      if (bytes > maxBytes) return err(tooLarge(maxBytes));
      pieces.push(piece);
    }
  } catch {
    return err({ status: 400, code: 'invalid', message: 'The body was cut off.' });
  }
  return ok(Buffer.concat(pieces).toString('utf8'));
}

const tooLarge = (maxBytes: number): Refusal => ({
  status: 413,
  code: 'too-large',
  message: `The body has more than ${maxBytes} bytes. Send less.`,
});

/** Nothing that is sent here honestly is deeper. What is would break whoever walks through it. */
const MAX_DEPTH = 64;

function parseJson(text: string): Result<unknown, Refusal> {
  if (depthOf(text) > MAX_DEPTH) return err(invalid(`The body is nested deeper than ${MAX_DEPTH}.`));
  try {
    return ok(JSON.parse(text));
  } catch {
    return err(invalid('The body is not JSON.'));
  }
}

const invalid = (message: string): Refusal => ({ status: 400, code: 'invalid', message });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (quoted) {
      if (unit === BACKSLASH) at++;
      else if (unit === QUOTE) quoted = false;
    } else if (unit === QUOTE) quoted = true;
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((unit | 0x20) === 0x7b) deepest = Math.max(deepest, ++depth);
    else if ((unit | 0x20) === 0x7d) depth--;
  }
  return deepest;
}
