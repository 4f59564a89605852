import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ResponseObject, ResponsesRequest } from '../../../core/api/openai.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import type { EventStream } from '../../event-stream.ts';
import { findPart, readPart } from '../../turns/find-part.ts';
import type { Followed } from '../../turns/follow-input.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, invalid, notFound } from '../failure.ts';
import type { Exchange } from '../route.ts';
import { LONG_AGO, refusedInput } from './failure.ts';
import { API_CHANNEL, decisionOf, inboundOf, type Prepared } from './inbound.ts';
import { ASSISTANT_MODEL, checkModel } from './models.ts';
import { readInput } from './read-talk.ts';
import { createResponseBuilder, type ResponseBuilder, type ResponseEvent } from './response-builder.ts';
import { approvalOf, readResponseId, responseId } from './response-id.ts';
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

type ResponsesExchange = Exchange<ResponsesRequest, undefined, undefined>;

const ResponseId = z.object({ id: z.string().max(1_000) });

/** The agent loop behind OpenAI's responses. */
export function addResponses(app: FastifyInstance, context: ApiContext, waits: Waits): void {
  addOpenAiRoute(app, {
    method: 'POST',
    url: '/responses',
    tag: 'openai',
    summary: 'Says something to the assistant and answers with what it did and said.',
    body: ResponsesRequest,
    answer: ResponseObject,
    run: (exchange) => waits.during(() => respond(context, exchange)),
  });
  addOpenAiRoute(app, {
    method: 'GET',
    url: '/responses/:id',
    tag: 'openai',
    summary: 'A response as it is now, also one that is still being made.',
    params: ResponseId,
    answer: ResponseObject,
    async run({ params, reply }) {
      const found = await readResponse(context, params.id);
      if (!found.ok) return found;
      await reply.send(found.value.object());
      return ok(undefined);
    },
  });
  addOpenAiRoute(app, {
    method: 'POST',
    url: '/responses/:id/cancel',
    tag: 'openai',
    summary: 'Stops the turn that makes a response.',
    params: ResponseId,
    answer: ResponseObject,
    async run({ params, reply }) {
      const found = await readResponse(context, params.id);
      if (!found.ok) return found;
      const response = found.value.object();
      if (response.status === 'in_progress') await interrupt(context, response.conversation.id);
      await reply.send(response);
      return ok(undefined);
    },
  });
}

async function respond(context: ApiContext, exchange: ResponsesExchange): Promise<Result<void, ApiFailure>> {
  const { body, reply } = exchange;
  if (body.stream && isFull(context)) return err(FULL);
  const model = await checkModel(context, body.model ?? ASSISTANT_MODEL);
  if (!model.ok) return model;
  const prepared = await preparedFor(context, exchange);
  if (!prepared.ok) return prepared;
  const taken = await takeIn(context, prepared.value);
  if (!taken.ok) return taken;
  const followed = taken.value;
  const { conversationId } = followed.accepted;
  tellHeaders(reply, conversationId);
  const builder = createResponseBuilder({
    id: responseId({ conversationId, start: followed.start }),
    createdAt: Math.floor(context.clock.now() / 1000),
    model: model.value,
    conversationId,
    previousId: body.previous_response_id ?? undefined,
    instructions: body.instructions ?? undefined,
    metadata: body.metadata ?? undefined,
    background: body.background ?? undefined,
  });
  const answering = { followed, builder };
  if (body.stream) return stream(context, exchange, answering);
  return body.background ? inBackground(exchange, answering) : whole(context, exchange, answering);
}

interface Answering {
  readonly followed: Followed;
  readonly builder: ResponseBuilder;
}

async function whole(
  context: ApiContext,
  { request, reply }: ResponsesExchange,
  { followed, builder }: Answering,
): Promise<Result<void, ApiFailure>> {
  const end = await untilGone(context, { request, reply, followed }, (event) => void builder.feed(event));
  if (end === undefined) return leaveUnanswered(reply);
  if (end.kind === 'refused') return err(refusedInput(end.reason));
  await reply.send(builder.object());
  return ok(undefined);
}

/** What becomes of it is asked for by its id. */
async function inBackground(
  { reply }: ResponsesExchange,
  { followed, builder }: Answering,
): Promise<Result<void, ApiFailure>> {
  followed.leave();
  await reply.send(builder.object());
  return ok(undefined);
}

async function stream(
  context: ApiContext,
  { identity, request, reply }: ResponsesExchange,
  { followed, builder }: Answering,
): Promise<Result<void, ApiFailure>> {
  const opened = openStream(context, { identity, request, reply, followed });
  if (!opened.ok) return opened;
  const events = opened.value;
  const push = numbered(events);
  for (const event of builder.begin()) push(event);
  followed.hear({
    onEvent(event) {
      for (const told of builder.feed(event)) push(told);
      if (event.type === 'ended') events.end();
    },
    onFailure({ message }) {
      push({ type: 'error', code: 'server_error', message, param: null });
      events.end();
    },
  });
  return ok(undefined);
}

function numbered(events: EventStream): (event: ResponseEvent) => void {
  let count = 0;
  return (event) => events.push({ event: event.type, data: { ...event, sequence_number: count++ } });
}

async function preparedFor(
  context: ApiContext,
  { body, request }: ResponsesExchange,
): Promise<Result<Prepared, ApiFailure>> {
  const decision = decisionIn(body);
  if (decision) return decisionOf(context, decision);
  const conversation = await conversationFor(context, body);
  if (!conversation.ok) return conversation;
  const asked = readInput(body);
  if (!asked.ok) return asked;
  return inboundOf(context, {
    asked: asked.value,
    conversation: conversation.value,
    headers: request.headers,
  });
}

/** The user's answer to a question of an earlier response. It goes before any words that come with it. */
function decisionIn({ input }: ResponsesRequest) {
  if (typeof input === 'string') return undefined;
  const item = input.find(({ type }) => type === 'mcp_approval_response');
  if (item?.approval_request_id == null) return undefined;
  const { approval_request_id, approve, reason } = item;
  return { approvalId: approvalOf(approval_request_id), approve: approve === true, reason: reason ?? null };
}

/** By name, or as the one that the previous response is in: a conversation has one thread, and goes on at its end. */
async function conversationFor(
  { assistant }: ApiContext,
  { conversation, previous_response_id: previous, user }: ResponsesRequest,
): Promise<Result<string | undefined, ApiFailure>> {
  if (previous != null) {
    const place = readResponseId(previous);
    const found = place && (await findPart(assistant, place.conversationId, place.start));
    if (place && found !== 'not-yet') return ok(place.conversationId);
    return invalid('previous_response_id', 'is no response that was begun');
  }
  if (conversation != null) return ok(typeof conversation === 'string' ? conversation : conversation.id);
  return ok(user ?? undefined);
}

async function readResponse(context: ApiContext, id: string): Promise<Result<ResponseBuilder, ApiFailure>> {
  const { assistant, clock } = context;
  const place = readResponseId(id);
  if (place === undefined) return noSuchResponse(id);
  const seq = await findPart(assistant, place.conversationId, place.start);
  if (seq === 'too-far') return err(LONG_AGO);
  const events = seq === 'not-yet' ? [] : await readPart(assistant, place.conversationId, { ...place, seq });
  const builder = createResponseBuilder({
    id,
    createdAt: Math.floor(clock.now() / 1000),
    model: ASSISTANT_MODEL,
    conversationId: place.conversationId,
  });
  for (const event of events) builder.feed(event);
  return ok(builder);
}

const noSuchResponse = (id: string) => notFound(`There is no response with the id "${id}".`);

async function interrupt({ assistant, ids }: ApiContext, conversationId: string): Promise<void> {
  await assistant.accept({
    channel: API_CHANNEL,
    conversationId,
    externalId: ids.next(),
    input: { type: 'interrupt' },
  });
}
