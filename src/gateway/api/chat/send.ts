import type { FastifyInstance } from 'fastify';
import { SendAnswer, SendRequest } from '../../../core/api/chat.ts';
import { ok, type Result } from '../../../core/result.ts';
import { sendMessage } from '../../inputs.ts';
import { isTooLarge, TOO_LARGE } from '../../message-limit.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, invalid, tooLarge } from '../failure.ts';
import { addRoute } from '../route.ts';
import { removeAll, storeAttached } from './attached.ts';

/** Attachments as base64, four bytes for three, and some room around them. */
const BODY_LIMIT = 14 * 1024 * 1024;

export function addSend(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/chat/send',
    tag: 'chat',
    summary: 'Sends a message. When the answer comes it is on disk, and will be acted on exactly once.',
    bodyLimit: BODY_LIMIT,
    rate: { name: 'chat', count: context.limits.chatPerMinute, perSeconds: 60 },
    body: SendRequest,
    status: 202,
    answer: SendAnswer,
    run: ({ body }) => send(context, body),
  });
}

/** @returns what was accepted, with `duplicate` where it had been before: then nothing new is stored */
export async function send(
  context: Pick<ApiContext, 'assistant' | 'ids' | 'clock' | 'files'>,
  request: SendRequest,
): Promise<Result<SendAnswer, ApiFailure>> {
  const { assistant, ids } = context;
  const { thread_id = ids.next(), message_id = ids.next(), mode = 'auto' } = request;
  const stored = await storeAttached(context, request);
  if (!stored.ok) return stored;
  const text = [request.content, ...stored.value.map(({ line }) => line)]
    .filter((part) => part !== '')
    .join('\n');
  if (text.trim() === '') return invalid('content', 'is empty');
  if (isTooLarge(text)) {
    await removeAll(stored.value);
    return tooLarge(TOO_LARGE);
  }
  const message = { conversationId: thread_id, messageId: message_id, text };
  const { duplicate } = await sendMessage(assistant, mode === 'auto' ? message : { ...message, mode });
  if (duplicate) await removeAll(stored.value);
  const attachments = duplicate ? [] : stored.value.map(({ path }) => path);
  return ok({ message_id, status: 'accepted', thread_id, duplicate, attachments });
}
