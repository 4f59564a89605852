import type { WebSocket } from 'ws';
import { type ChatSocketFrame, ChatSocketRequest } from '../core/api/chat-socket.ts';
import { ok, type Result } from '../core/result.ts';
import { OWNER } from '../core/user.ts';
import { DECISIONS, decide } from './api/chat/approvals.ts';
import { send } from './api/chat/send.ts';
import type { ApiContext } from './api/context.ts';
import type { ApiFailure } from './api/failure.ts';
import { tooMany } from './api/failure.ts';
import { explainIssue } from './api/issue.ts';
import type { EventSink } from './events/event-sink.ts';
import { feed } from './events/feed.ts';
import { interruptTurn } from './inputs.ts';
import { createOutbound, type Outbound, type Transport } from './outbound.ts';
import type { WsSession } from './ws-session.ts';

export type ChatSocketContext = Pick<
  ApiContext,
  'assistant' | 'ids' | 'clock' | 'limits' | 'log' | 'rates' | 'files'
>;

export interface ChatSocketOptions extends ChatSocketContext {
  readonly socket: WebSocket;
  readonly transport: Transport;
  /** Of the request for it. */
  readonly query: URLSearchParams;
}

/** A client of `/api/chat/ws`: told what happens in all threads, or in one; sends messages and answers questions. */
export function startChatSocket(options: ChatSocketOptions): WsSession {
  const { socket, query, log } = options;
  const over = new AbortController();
  const outbound = createOutbound<ChatSocketFrame>({ ...options, onOverflow: () => close(1013, 'too-slow') });
  const working = new Set<Promise<void>>();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let heard = true;

  socket.on('message', (data, isBinary) => {
    heard = true;
    work(answer(isBinary ? '' : String(data)));
  });
  socket.on('pong', () => {
    heard = true;
  });
  socket.on('error', (error) => log.warn({ err: error }, 'a client broke the WebSocket protocol'));
  socket.once('close', () => over.abort());
  const wanted = {
    threadId: query.get('thread_id') ?? undefined,
    lastEventId: query.get('last_event_id') ?? undefined,
  };
  feed(
    { ...options, sink: sinkOf(outbound, over.signal, () => close(1011, 'journal not readable')) },
    wanted,
  );

  return { beat, stop, close, unreadBytes: () => socket.bufferedAmount, terminate: () => socket.terminate() };

  function work(answering: Promise<ChatSocketFrame>): void {
    const done = answering
      .then((frame) => outbound.push(frame))
      .catch((error: unknown) => {
        log.error({ err: error }, 'a request failed');
        outbound.push({
          type: 'error',
          code: 'internal',
          message: 'The assistant could not answer. Its log says why.',
        });
      })
      .finally(() => working.delete(done));
    working.add(done);
  }

  async function answer(text: string): Promise<Answer> {
    if (working.size >= options.limits.requestsInFlight) return failure(BUSY);
    const parsed = parse(text);
    if (!parsed.ok) return failure(parsed.error);
    const { ref } = parsed.value;
    return { ...(await carryOut(parsed.value, options)), ...(ref !== undefined && { ref }) };
  }

  function beat(): void {
    const dead = !heard && outbound.idle;
    if (dead || socket.readyState !== socket.OPEN) socket.terminate();
    else if (outbound.stalled()) close(1013, 'too-slow');
    else socket.ping();
    heard = false;
  }

  function close(code: number, reason: string): void {
    over.abort();
    socket.close(code, reason);
  }

  async function stop(): Promise<void> {
    await Promise.race([Promise.all(working), closed]);
    close(1001, 'the assistant is stopping');
    await closed;
  }
}

function sinkOf(outbound: Outbound<ChatSocketFrame>, ended: AbortSignal, end: () => void): EventSink {
  return {
    push({ event = 'message', id, data }) {
      outbound.push({ type: 'event', event_type: event, data, ...(id !== undefined && { id }) });
    },
    get congested() {
      return outbound.congested;
    },
    ready: () => outbound.ready(),
    ended,
    end,
  };
}

type Problem = Pick<ApiFailure, 'code' | 'message'>;

const BUSY: Problem = {
  code: 'busy',
  message: 'Too many requests wait for their answer. Wait for some first.',
};

type Answer = Exclude<ChatSocketFrame, { type: 'event' }>;

const failure = ({ code, message }: Problem): Answer => ({ type: 'error', code, message });

function parse(text: string): Result<ChatSocketRequest, Problem> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, error: { code: 'invalid', message: 'Send text frames of one JSON object each.' } };
  }
  const parsed = ChatSocketRequest.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const { field, reason } = explainIssue(parsed.error, '');
  return { ok: false, error: { code: 'invalid', message: `${field || 'message'}: ${reason}` } };
}

async function carryOut(request: ChatSocketRequest, context: ChatSocketContext): Promise<Answer> {
  switch (request.type) {
    case 'message': {
      const wait = context.rates.take(`chat ${OWNER}`, {
        count: context.limits.chatPerMinute,
        perSeconds: 60,
      });
      if (wait > 0) return failure(tooMany(`Too many messages. Try again in ${wait} seconds.`, wait).error);
      return accepted(await send(context, request));
    }
    case 'approval':
      return accepted(await decide(context.assistant, request, DECISIONS[request.action]));
    case 'interrupt': {
      const { thread_id } = request;
      const { inboxId } = await interruptTurn(context.assistant, thread_id, context.ids.next());
      return { type: 'accepted', message_id: inboxId, thread_id };
    }
    case 'ping':
      return { type: 'pong' };
    default:
      return failure({
        code: 'conflict',
        message: 'Nothing waits for a credential. Store it at /api/secrets.',
      });
  }
}

function accepted(
  outcome: Result<{ readonly message_id: string; readonly thread_id: string }, ApiFailure>,
): Answer {
  if (!outcome.ok) return failure(outcome.error);
  const { message_id, thread_id } = outcome.value;
  return { type: 'accepted', message_id, thread_id };
}
