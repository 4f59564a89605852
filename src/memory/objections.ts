import type { JsonObject } from '../core/json.ts';
import { findInjections, type InjectionFinding, isAtLeast, type RedactText } from '../safety/index.ts';
import { isPromptFile } from './paths.ts';
import { isRulesFile } from './rules/is-rules-file.ts';

/** Largest document, in UTF-8 bytes. PostgreSQL's search index of one document ends at 1 MB of words. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;

/** Largest document that steers the assistant: each costs every conversation its length. */
export const MAX_PROMPT_FILE_BYTES = 64 * 1024;

/** In UTF-8 bytes. */
export const limitOf = (path: string): number =>
  isPromptFile(path) ? MAX_PROMPT_FILE_BYTES : MAX_DOCUMENT_BYTES;

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
export const storable = (content: string): string => content.replaceAll('\0', '\ufffd').toWellFormed();

/** What is wrong with a text by itself. Comes before anything is made of it: it may be of any size. */
export function objectionToText(path: string, text: string): string | undefined {
  // Bytes are never fewer than UTF-16 units, and counting them takes time.
  const bytes = text.length > limitOf(path) ? text.length : Buffer.byteLength(text);
  if (bytes > limitOf(path)) return tooLarge(path, bytes);
  return isBinary(text)
    ? `Not saved: this is no text but binary data, or a text in another encoding than UTF-8.`
    : undefined;
}

const tooLarge = (path: string, bytes: number): string =>
  `${path} would have ${bytes} bytes; it may have ${limitOf(path)}. Begin another document.`;

/** What no text has, and what decoders put in place of bytes that mean nothing to them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const STRANGE = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g;
/** A text may hold a few, for example the codes of a terminal; of an image every tenth character is one. */
const MOST_STRANGE = 16;
const MOST_STRANGE_SHARE = 0.05;

function isBinary(text: string): boolean {
  const strange = text.match(STRANGE)?.length ?? 0;
  return strange > MOST_STRANGE && strange > text.length * MOST_STRANGE_SHARE;
}

interface Outcome {
  /** What stood there before and goes on standing there. */
  readonly known: string;
  readonly after: string;
  /** What the document must fit. */
  readonly schema: JsonObject | undefined;
  readonly redact: RedactText;
}

/** Why a document may not come to hold this. */
export async function objectionTo(path: string, outcome: Outcome): Promise<string | undefined> {
  const { known, after, schema, redact } = outcome;
  const bytes = Buffer.byteLength(after);
  if (bytes > limitOf(path)) return tooLarge(path, bytes);
  return (
    orderIn(path, known, after) ??
    (await formOf(path, after, schema)) ??
    (await secretIn(redact, path, known, after))
  );
}

function orderIn(path: string, known: string, after: string): string | undefined {
  const order = isPromptFile(path) ? newOrder(known, after) : undefined;
  return (
    order &&
    `Not saved. ${path} is read at the start of conversations, so it may not hold text that reads like an order to the assistant: "${order.text}" (${order.what}, ${order.severity}). Say it as a plain fact, or save it in another document.`
  );
}

/**
 * The first finding that a change brings in. The whole document is looked at, so an order cannot be smuggled in by
 * halves; what stood there before does not block what comes after it.
 */
function newOrder(before: string, after: string): InjectionFinding | undefined {
  const known = before === '' ? 0 : ordersIn(before).length;
  return ordersIn(after)[known];
}

const ordersIn = (text: string): InjectionFinding[] =>
  findInjections(text).filter((finding) => isAtLeast(finding, 'high'));

/** Rules of a folder, and documents that must fit a schema, are of use only where they can be read. */
async function formOf(
  path: string,
  after: string,
  schema: JsonObject | undefined,
): Promise<string | undefined> {
  if (!isRulesFile(path) && !schema) return undefined;
  const { wrongBySchema, wrongInRules } = await import('./rules/folder-rules.ts');
  if (isRulesFile(path)) {
    const wrong = wrongInRules(after);
    return wrong && `Not saved: ${path} would not be rules for a folder. ${wrong}`;
  }
  const wrong = schema && wrongBySchema(schema, after);
  return wrong && `Not saved: ${path} must be JSON that fits the schema of its folder. ${wrong}`;
}

/**
 * Where a secret would remain although the new text holds none: in the path, or made up of the new text and what
 * stands beside it. One that stood there before does not block what comes after it.
 */
async function secretIn(
  redact: RedactText,
  path: string,
  before: string,
  after: string,
): Promise<string | undefined> {
  const hasSecret = async (text: string) => (await redact(text)).removed !== undefined;
  if (await hasSecret(path))
    return 'Not saved. The path holds what looks like a secret; name it differently.';
  // The whole of an overwritten document was looked at already.
  if (before === '' || !(await hasSecret(after)) || (await hasSecret(before))) return undefined;
  return `Not saved. Together with what stands in ${path}, the text makes up a secret, and memory keeps none.`;
}
