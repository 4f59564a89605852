import type { Json } from '../../core/json.ts';
import { NoStream } from './failure.ts';

/**
 * The longest list of models there is, of some 500 with all their particulars, has 1.5 MB; 64 vectors of 4,096
 * dimensions have 6.
 */
const MAX_BYTES = 16 * 1024 * 1024;

/** The server refused to answer. In the shape in which the adapters report it. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly statusCode: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;

  constructor({ status, headers }: Response, body: string) {
    super(`HTTP ${status}`);
    this.statusCode = status;
    this.responseHeaders = Object.fromEntries(headers);
    this.responseBody = body;
  }
}

/**
 * A whole answer in JSON. Throws what `toModelFailure` can read, also where a page came instead.
 *
 * @param expected for people: what should have come, for example "a list of models"
 */
export async function readJson(response: Response, expected: string): Promise<Json> {
  const text = await readText(response, expected);
  if (!response.ok) throw new Refusal(response, text);
  try {
    return JSON.parse(text);
  } catch {
    throw new NoStream(response.headers.get('content-type') ?? 'something', expected);
  }
}

async function readText({ body }: Response, expected: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BYTES) throw new Error(`${expected} is too long`);
  }
  return text + decoder.decode();
}
