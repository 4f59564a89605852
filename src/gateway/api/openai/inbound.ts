import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { id } from '../../../core/api/fields.ts';
import type { Assistant, Inbound, Input, PendingApproval } from '../../../core/assistant.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import { parseApprovalReply } from '../../../policy/index.ts';
import type { StoredFile } from '../../attachments/store-file.ts';
import { isTooLarge, TOO_LARGE } from '../../message-limit.ts';
import { storeAttached } from '../chat/attached.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, invalid, tooLarge } from '../failure.ts';
import { type Asked, asideOf, unknownOf } from './asked.ts';

/** The channel of everything that comes by OpenAI's protocols. */
export const API_CHANNEL = 'api';

export interface Order {
  readonly asked: Asked;
  /** As the body names it; without a name, and without `x-conversation`, the conversation is a new one. */
  readonly conversation: string | undefined;
  readonly headers: FastifyRequest['headers'];
}

/** What is to be taken in, and the files that were stored for it. */
export interface Prepared {
  readonly inbound: Inbound;
  readonly stored: readonly StoredFile[];
}

/** The message as the assistant takes it in, or the answer to a question where it is one. */
export async function inboundOf(context: ApiContext, order: Order): Promise<Result<Prepared, ApiFailure>> {
  const { asked } = order;
  if (isTooLarge(asked.text)) return tooLarge(TOO_LARGE);
  const place = placeOf(context, order);
  if (!place.ok) return place;
  const stored = await storeAttached(context, { attachments: [...asked.files], images: [] });
  if (!stored.ok) return stored;
  const text = [asked.text, ...stored.value.map(({ line }) => line)].filter((part) => part !== '').join('\n');
  const input = await inputOf(context, { ...order, asked: { ...asked, text } }, place.value);
  return ok({ inbound: { channel: API_CHANNEL, ...externalOf(place.value), input }, stored: stored.value });
}

/** An answer to the one question that is open, as `/v1/responses` brings it. */
export async function decisionOf(
  { assistant, ids }: ApiContext,
  { approvalId, approve, reason }: { approvalId: string; approve: boolean; reason: string | null },
): Promise<Result<Prepared, ApiFailure>> {
  const asked = await assistant.approval(approvalId);
  if (asked === undefined)
    return err({
      status: 404,
      code: 'not-found',
      message: `There is no question with the id ${approvalId}.`,
    });
  const input = { type: 'approval', approvalId, decision: approve ? 'once' : 'deny', reason } as const;
  const { conversationId } = asked;
  const inbound = { channel: API_CHANNEL, conversationId, externalId: ids.next(), input };
  return ok({ inbound, stored: [] });
}

interface Place {
  readonly conversationId: string;
  readonly externalId: string;
  readonly isNew: boolean;
}

const externalOf = ({ conversationId, externalId }: Place) => ({ conversationId, externalId });

/**
 * The same `Idempotency-Key` in the same conversation is the same input. Without a conversation's name, the key stands
 * for the conversation too.
 */
function placeOf({ ids }: ApiContext, { conversation, headers }: Order): Result<Place, ApiFailure> {
  const named = readHeader(headers, 'x-conversation');
  const key = readHeader(headers, 'idempotency-key');
  if (!named.ok) return named;
  if (!key.ok) return key;
  const name = named.value ?? conversation;
  const fresh = key.value === undefined ? ids.next() : `api-${digest(key.value)}`;
  const conversationId = name ?? fresh;
  const externalId = key.value === undefined ? ids.next() : digest(`${key.value}\n${conversationId}`);
  return ok({ conversationId, externalId, isNew: name === undefined });
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 40);

function readHeader(
  headers: FastifyRequest['headers'],
  name: string,
): Result<string | undefined, ApiFailure> {
  const value = headers[name];
  if (value === undefined || value === '') return ok(undefined);
  const read = id.safeParse(decoded(value));
  return read.success
    ? ok(read.data)
    : invalid(name, 'must be 1 to 200 characters without control characters');
}

/** As `tellHeaders` wrote it: headers hold no letters beyond Latin ones. */
function decoded(value: unknown): unknown {
  try {
    return typeof value === 'string' ? decodeURI(value) : value;
  } catch {
    return value;
  }
}

async function inputOf({ assistant }: ApiContext, order: Order, place: Place): Promise<Input> {
  const { asked, headers } = order;
  const [question] = place.isNew ? [] : await assistant.pendingApprovals(place.conversationId);
  const answer = question && answerTo(question, asked.text);
  if (answer) return answer;
  const aside = asideOf({ ...asked, earlier: await stillUnknown(assistant, asked, place) });
  return {
    type: 'message',
    text: asked.text,
    // Whoever says something else while a question waits has no answer to it.
    mode: question ? 'interrupt' : 'queue',
    ...(isUnattended(headers) && { unattended: true }),
    ...(aside && { aside }),
  };
}

function answerTo({ approvalId }: PendingApproval, text: string): Input | undefined {
  const reply = parseApprovalReply(text);
  return reply && { type: 'approval', approvalId, ...reply };
}

const isUnattended = (headers: Order['headers']): boolean => headers['x-ironbark-approval'] === 'refuse';

/** So many of the latest entries are looked through for what the conversation has heard. */
const LOOK_BACK = 500;

/** The client knows its own words, and not the lines that name what came with them. */
const withoutFiles = (text: string): string => text.split('\n[attached: ', 1)[0] ?? '';

async function stillUnknown(
  assistant: Assistant,
  { earlier }: Asked,
  place: Place,
): Promise<Asked['earlier']> {
  if (earlier.length === 0 || place.isNew) return earlier;
  const entries = await assistant.entries(place.conversationId, { limit: LOOK_BACK });
  const heard = entries.flatMap((entry) =>
    entry.type === 'turn.began' ? entry.messages.map(({ text }) => withoutFiles(text)) : [],
  );
  return unknownOf(earlier, new Set(heard));
}
