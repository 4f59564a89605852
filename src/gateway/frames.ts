import { z } from 'zod';
import { MAX_ORIGIN_CHARACTERS, MAX_ORIGINS } from '../core/memory.ts';
import { err, ok, type Result } from '../core/result.ts';
import { MAX_SECRET_BYTES, SECRET_NAME } from '../core/secrets.ts';
import { type ClientFrame, MAX_MESSAGE_BYTES, type ServerFrame, type WireErrorCode } from '../core/wire.ts';
import { TOO_LARGE } from './message-limit.ts';

export type ErrorFrame = Extract<ServerFrame, { type: 'error' }>;

type FrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;

/** Ids are chosen by clients: anything short without control characters. */
const id = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, 'must be 1 to 200 characters without control characters');
const secretName = z.string().regex(SECRET_NAME, 'is not the name of a secret');
/** `provider/model`, or a provider's name. Stored as it is, like a target. */
const modelReference = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,300}$/u, 'is not the name of a model');
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const seq = z.int().min(0);
const path = z.string().min(1).max(1_000);
/** What a grant names is stored as it is: PostgreSQL takes neither U+0000 nor half a surrogate pair. */
const target = z.string().regex(/^[^\0\p{Cs}]{1,1000}$/u, 'must be 1 to 1000 characters');
const MAX_TARGETS = 100;
/** Stored as it is, and an index's key: what normalises to a path that is too long is refused by memory itself. */
const documentPath = z.string().regex(/^[^\0\p{Cs}]{0,2000}$/u, 'is not a path in memory');
const origin = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]+$/u)
  .max(MAX_ORIGIN_CHARACTERS);
const forgetTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('conversation'), conversationId: id }),
  z.object({ kind: z.literal('source'), source: origin }),
  z.object({ kind: z.literal('document'), path: documentPath }),
]);
/** Longest that one fault may delay an actor. */
const MAX_DELAY_MS = 60_000;
/** PostgreSQL stores neither U+0000 nor half a surrogate pair. */
const text = z.string().transform((value) => value.toWellFormed().replaceAll('\u0000', '\uFFFD'));
/** What is longer than any question is searched by its beginning. In UTF-16 units. */
const queryOf = (most: number) => text.transform((words) => words.slice(0, most).toWellFormed());

const schemas: { readonly [T in ClientFrame['type']]: z.ZodType<FrameOf<T>> } = {
  subscribe: z.object({ type: z.literal('subscribe'), requestId: id, conversationId: id, after: seq }),
  unsubscribe: z.object({ type: z.literal('unsubscribe'), requestId: id, conversationId: id }),
  send: z.object({
    type: z.literal('send'),
    requestId: id,
    conversationId: id,
    messageId: id,
    text,
    mode: z.enum(['queue', 'steer', 'interrupt', 'auto']).exactOptional(),
  }),
  interrupt: z.object({ type: z.literal('interrupt'), requestId: id, conversationId: id }),
  approve: z.object({
    type: z.literal('approve'),
    requestId: id,
    conversationId: id,
    approvalId: id,
    decision: z.enum(['once', 'conversation', 'always', 'deny']),
    reason: text.pipe(z.string().max(10_000)).exactOptional(),
    answerId: id.exactOptional(),
  }),
  history: z.object({
    type: z.literal('history'),
    requestId: id,
    conversationId: id,
    before: seq.exactOptional(),
    limit: z.int().exactOptional(),
  }),
  conversations: z.object({ type: z.literal('conversations'), requestId: id }),
  search: z.object({
    type: z.literal('search'),
    requestId: id,
    query: queryOf(1_000),
    limit: z.int().exactOptional(),
    conversationId: id.exactOptional(),
  }),
  approvals: z.object({ type: z.literal('approvals'), requestId: id, conversationId: id.exactOptional() }),
  approval: z.object({ type: z.literal('approval'), requestId: id, approvalId: id }),
  grants: z.object({ type: z.literal('grants'), requestId: id }),
  grant: z.object({
    type: z.literal('grant'),
    requestId: id,
    tool: id,
    targets: z.array(target).max(MAX_TARGETS),
    expiresAt: z.iso.datetime().exactOptional(),
    influenced: z.boolean(),
  }),
  revoke: z.object({ type: z.literal('revoke'), requestId: id, grantId: id }),
  audit: z.object({
    type: z.literal('audit'),
    requestId: id,
    limit: z.int().exactOptional(),
    tool: id.exactOptional(),
    hash: hash.exactOptional(),
  }),
  'audit-verify': z.object({ type: z.literal('audit-verify'), requestId: id }),
  budget: z.object({ type: z.literal('budget'), requestId: id }),
  secrets: z.object({ type: z.literal('secrets'), requestId: id }),
  // The value as it is: what cannot be kept exactly is refused, not changed.
  'secret-set': z.object({
    type: z.literal('secret-set'),
    requestId: id,
    name: secretName,
    value: z.string().min(1).max(MAX_SECRET_BYTES),
    expiresAt: z.iso.datetime().exactOptional(),
  }),
  'secret-delete': z.object({ type: z.literal('secret-delete'), requestId: id, name: secretName }),
  'secret-rotate': z.object({ type: z.literal('secret-rotate'), requestId: id }),
  models: z.object({ type: z.literal('models'), requestId: id }),
  'model-use': z.object({ type: z.literal('model-use'), requestId: id, reference: modelReference }),
  'model-thinking': z.object({
    type: z.literal('model-thinking'),
    requestId: id,
    level: z.enum(['off', 'low', 'medium', 'high', 'default']),
  }),
  'model-providers': z.object({ type: z.literal('model-providers'), requestId: id }),
  'model-list': z.object({
    type: z.literal('model-list'),
    requestId: id,
    provider: modelReference.exactOptional(),
  }),
  'model-test': z.object({
    type: z.literal('model-test'),
    requestId: id,
    reference: modelReference.exactOptional(),
  }),
  'memory-search': z.object({
    type: z.literal('memory-search'),
    requestId: id,
    query: queryOf(10_000),
    limit: z.int().exactOptional(),
    folder: documentPath.exactOptional(),
  }),
  'memory-read': z.object({
    type: z.literal('memory-read'),
    requestId: id,
    path: documentPath,
    version: z.int().min(1).max(2_147_483_647).exactOptional(),
  }),
  'memory-write': z.object({
    type: z.literal('memory-write'),
    requestId: id,
    path: documentPath,
    text,
    append: z.boolean(),
    origins: z.array(origin).max(MAX_ORIGINS).exactOptional(),
    import: z.object({ name: origin, replace: z.boolean() }).exactOptional(),
    dryRun: z.boolean().exactOptional(),
    ifVersion: z.int().min(1).exactOptional(),
    force: z.boolean().exactOptional(),
    restore: z.int().min(1).exactOptional(),
  }),
  'memory-tree': z.object({
    type: z.literal('memory-tree'),
    requestId: id,
    folder: documentPath,
    depth: z.int().exactOptional(),
  }),
  'memory-paths': z.object({
    type: z.literal('memory-paths'),
    requestId: id,
    after: documentPath.exactOptional(),
    limit: z.int().exactOptional(),
  }),
  'memory-history': z.object({ type: z.literal('memory-history'), requestId: id, path: documentPath }),
  'memory-status': z.object({ type: z.literal('memory-status'), requestId: id }),
  'memory-tidy': z.object({ type: z.literal('memory-tidy'), requestId: id, dryRun: z.boolean() }),
  'memory-steps': z.object({
    type: z.literal('memory-steps'),
    requestId: id,
    limit: z.int().exactOptional(),
  }),
  'memory-undo': z.object({ type: z.literal('memory-undo'), requestId: id, stepId: id }),
  'memory-forget': z.object({
    type: z.literal('memory-forget'),
    requestId: id,
    target: forgetTarget,
    dryRun: z.boolean(),
  }),
  tree: z.object({ type: z.literal('tree'), requestId: id }),
  ping: z.object({ type: z.literal('ping'), requestId: id }),
  crash: z.object({ type: z.literal('crash'), requestId: id, path }),
  hang: z.object({ type: z.literal('hang'), requestId: id, path }),
  delay: z.object({
    type: z.literal('delay'),
    requestId: id,
    path,
    milliseconds: z.int().min(1).max(MAX_DELAY_MS),
  }),
};

/** Reads one text frame of a client. What cannot be used comes back as the error frame to answer with. */
export function parseFrame(data: Buffer): Result<ClientFrame, ErrorFrame> {
  if (data.length > MAX_USEFUL_BYTES)
    return err(errorFrame(requestIdNearStart(data), 'too-large', TOO_LARGE));
  const json = data.toString();
  if (!isFlat(json)) return err(errorFrame(null, 'bad-frame', 'A frame is one flat JSON object.'));
  const value = parseJson(json);
  if (!isObject(value)) return err(errorFrame(null, 'bad-frame', 'A frame is one flat JSON object.'));
  const requestId = id.safeParse(value.requestId).data ?? null;
  if (!isFrameType(value.type)) {
    const known = Object.keys(schemas).join(', ');
    return err(errorFrame(requestId, 'bad-frame', `Unknown frame type. Known types: ${known}.`));
  }
  const parsed = schemas[value.type].safeParse(value);
  return parsed.success ? ok(parsed.data) : err(errorFrame(requestId, 'bad-frame', firstIssue(parsed.error)));
}

export function errorFrame(requestId: string | null, code: WireErrorCode, message: string): ErrorFrame {
  return { type: 'error', requestId, code, message };
}

/** An escape takes six characters for one byte of text. Longer frames hold a message that is too large. */
const MAX_USEFUL_BYTES = 6 * MAX_MESSAGE_BYTES + 64 * 1024;
const SMALL_FRAME = 64 * 1024;
const MAX_STRUCTURE = 4 * 1024;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** Found without reading the whole frame, where clients write it: near the beginning. */
function requestIdNearStart(data: Buffer): string | null {
  return /"requestId"\s*:\s*"([^"\\]{1,200})"/.exec(data.toString('utf8', 0, 2_000))?.[1] ?? null;
}

/**
 * Whether a large text is made of few, if long, strings, as every valid frame is. `JSON.parse` takes half a
 * second for 6 MB of nested brackets, but 5 ms for 10 MB in one string.
 */
function isFlat(json: string): boolean {
  if (json.length <= SMALL_FRAME) return true;
  let inString = false;
  let structure = 0;
  for (let at = 0; at < json.length && structure <= MAX_STRUCTURE; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) inString = !inString;
    else if (code === BACKSLASH) at++;
    if (!inString) structure++;
  }
  return structure <= MAX_STRUCTURE;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFrameType(value: unknown): value is ClientFrame['type'] {
  return typeof value === 'string' && Object.hasOwn(schemas, value);
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'The frame is not valid.';
  return `${issue.path.join('.') || 'frame'}: ${issue.message}`;
}
