import type { FastifyInstance } from 'fastify';
import { ChatCompletion, ChatRequest } from '../../../core/api/openai.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import type { Followed } from '../../turns/follow-input.ts';
import type { ApiContext } from '../context.ts';
import type { ApiFailure } from '../failure.ts';
import type { Exchange } from '../route.ts';
import { type ChatHead, chatCompletion, createChatAnswer } from './chat-answer.ts';
import { createChatChunks } from './chat-chunks.ts';
import type { Continuations } from './continuations.ts';
import { failureOf } from './failure.ts';
import { inboundOf } from './inbound.ts';
import { checkModel } from './models.ts';
import { readChat } from './read-talk.ts';
import { addOpenAiRoute } from './route.ts';
import {
  FULL,
  isFull,
  leaveUnanswered,
  openStream,
  takeIn,
  tellHeaders,
  untilGone,
  type Waits,
} from './waiting.ts';

/** `continuations` are shared by all places where the protocol is spoken. */
export type ChatContext = ApiContext & { readonly continuations: Continuations };

type ChatExchange = Exchange<ChatRequest, undefined, undefined>;

/** The agent loop behind OpenAI's chat completions. */
export function addChat(app: FastifyInstance, context: ChatContext, waits: Waits): void {
  addOpenAiRoute(app, {
    method: 'POST',
    url: '/chat/completions',
    tag: 'openai',
    summary: 'Says something to the assistant and answers with its reply, whole or as it is written.',
    body: ChatRequest,
    answer: ChatCompletion,
    run: (exchange) => waits.during(() => chat(context, exchange)),
  });
}

async function chat(context: ChatContext, exchange: ChatExchange): Promise<Result<void, ApiFailure>> {
  const { body, request, reply } = exchange;
  if (body.stream && isFull(context)) return err(FULL);
  const model = await checkModel(context, body.model);
  if (!model.ok) return model;
  const asked = readChat(body);
  if (!asked.ok) return asked;
  const found = isNamed(exchange) ? undefined : context.continuations.take(asked.value.earlier);
  const conversation = body.user ?? found;
  const order = { asked: asked.value, conversation, headers: request.headers };
  const prepared = await inboundOf(context, order);
  if (!prepared.ok) return prepared;
  const taken = await takeIn(context, prepared.value);
  if (!taken.ok) return taken;
  const followed = taken.value;
  const { inboxId, conversationId } = followed.accepted;
  const created = Math.floor(context.clock.now() / 1000);
  const head = { id: `chatcmpl-${inboxId}`, created, model: body.model, conversationId };
  tellHeaders(reply, conversationId);
  const onAnswer = (content: string) =>
    isNamed(exchange) || context.continuations.keep(asked.value, content, conversationId);
  const answering = { head, followed, onAnswer };
  return body.stream ? stream(context, exchange, answering) : whole(context, exchange, answering);
}

interface Answering {
  readonly head: ChatHead;
  readonly followed: Followed;
  /** Told of the whole answer, as it was sent. */
  readonly onAnswer: (content: string) => void;
}

/** A key finds its own conversation again. */
const isNamed = ({ body, request: { headers } }: ChatExchange): boolean =>
  Boolean(body.user || headers['x-conversation'] || headers['idempotency-key']);

async function whole(
  context: ApiContext,
  { request, reply }: ChatExchange,
  { head, followed, onAnswer }: Answering,
): Promise<Result<void, ApiFailure>> {
  const answer = createChatAnswer(head);
  let written = '';
  const end = await untilGone(context, { request, reply, followed }, (event) => {
    written += answer.feed(event);
  });
  if (end === undefined) return leaveUnanswered(reply);
  const failure = failureOf(end);
  if (failure) return err(failure);
  if (end.kind === 'asked') reply.header('x-ironbark-approval', end.question.approvalId);
  const content = end.kind === 'replied' ? end.text : written;
  onAnswer(content);
  await reply.send(chatCompletion(head, answer, { end, content }));
  return ok(undefined);
}

async function stream(
  context: ApiContext,
  { body, identity, request, reply }: ChatExchange,
  { head, followed, onAnswer }: Answering,
): Promise<Result<void, ApiFailure>> {
  const opened = openStream(context, { identity, request, reply, followed });
  if (!opened.ok) return opened;
  const answer = createChatAnswer(head);
  const withUsage = body.stream_options?.include_usage === true;
  const chunks = createChatChunks(head, answer, { events: opened.value, withUsage });
  let written = '';
  followed.hear({
    onEvent(event) {
      const text = answer.feed(event);
      written += text;
      chunks.say(text);
      if (event.type !== 'ended') return;
      if (!failureOf(event.end)) onAnswer(written);
      chunks.end(event.end);
    },
    onFailure: (error) => chunks.fail({ status: 500, code: 'internal', message: error.message }),
  });
  return ok(undefined);
}
