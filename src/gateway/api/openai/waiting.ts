import type { FastifyReply, FastifyRequest } from 'fastify';
import { err, ok, type Result } from '../../../core/result.ts';
import type { Identity } from '../../admission.ts';
import type { EventStream } from '../../event-stream.ts';
import { type Followed, followInput } from '../../turns/follow-input.ts';
import type { PartEnd, PartEvent } from '../../turns/turn-part.ts';
import { removeAll } from '../chat/attached.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, tooMany } from '../failure.ts';
import { LONG_AGO } from './failure.ts';
import type { Prepared } from './inbound.ts';

/** Counts the requests that wait for a turn. Each holds a connection and listens to a conversation. */
export interface Waits {
  /** Refuses where too many wait already. */
  during(work: () => Promise<Result<void, ApiFailure>>): Promise<Result<void, ApiFailure>>;
}

export function createWaits(most: number): Waits {
  let waiting = 0;
  return {
    async during(work) {
      if (waiting >= most)
        return tooMany(`${most} requests wait for their answers already. Try again when one has come.`, 1);
      waiting++;
      try {
        return await work();
      } finally {
        waiting--;
      }
    },
  };
}

/** Where to go on: the conversation's id is in a header, where it can be written there. */
export function tellHeaders(reply: FastifyReply, conversationId: string): void {
  reply.header('x-conversation', encodeURI(conversationId));
}

interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly followed: Followed;
}

/**
 * The end of the part; undefined where whoever asked has gone before. A turn may take longer than a silent connection
 * lives otherwise, so that has no limit then.
 */
export async function untilGone(
  context: Pick<ApiContext, 'isStopping'>,
  visit: Visit,
  onEvent: (event: PartEvent) => void,
): Promise<PartEnd | undefined> {
  const { request, reply, followed } = visit;
  const done = Promise.withResolvers<PartEnd | undefined>();
  request.raw.socket.setTimeout(0);
  const onGone = (): void => {
    forsake(context, visit);
    done.resolve(undefined);
  };
  reply.raw.once('close', onGone);
  followed.hear({
    onEvent(event) {
      onEvent(event);
      if (event.type === 'ended') done.resolve(event.end);
    },
    onFailure: done.reject,
  });
  try {
    return await done.promise;
  } finally {
    reply.raw.off('close', onGone);
  }
}

/** What nobody waits for any more is stopped, unless a key says that somebody may come back for it. */
function forsake({ isStopping }: Pick<ApiContext, 'isStopping'>, { request, followed }: Visit): void {
  const mayComeBack = isStopping() || request.headers['idempotency-key'] !== undefined;
  if (mayComeBack) followed.leave();
  else followed.interrupt();
}

/** To be asked before the message is taken in: afterwards a refusal would leave a turn that nobody waits for. */
export const isFull = ({ streams, limits }: Pick<ApiContext, 'streams' | 'limits'>): boolean =>
  streams.count() >= limits.streams;

/** The answer as server-sent events from here on. */
export function openStream(
  context: Pick<ApiContext, 'streams' | 'isStopping'>,
  visit: Visit & { readonly identity: Identity },
): Result<EventStream, ApiFailure> {
  const { identity, reply, followed } = visit;
  const stream = context.streams.open(identity, reply.raw, reply.getHeaders());
  if (stream === undefined) {
    followed.interrupt();
    return err(FULL);
  }
  reply.hijack();
  stream.ended.addEventListener('abort', () => {
    // Ended here, it is written to its end; where the client went away it is not.
    if (!reply.raw.writableEnded) forsake(context, visit);
  });
  return ok(stream);
}

export const FULL: ApiFailure = {
  status: 503,
  code: 'busy',
  message: 'Too many answers are streamed already. Try again when one has ended.',
  retryAfterSeconds: 5,
};

/** Whoever asked has gone, and nobody reads what is sent. */
export function leaveUnanswered(reply: FastifyReply): Result<void, never> {
  reply.hijack();
  return ok(undefined);
}

/** Fires when whoever asked has gone before the answer was sent. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

/** Takes it in; what was stored for a message that was taken in before, or was not, is taken away again. */
export async function takeIn(
  context: ApiContext,
  { inbound, stored }: Prepared,
): Promise<Result<Followed, ApiFailure>> {
  try {
    const followed = await followInput({ ...context, inbound });
    if (followed === undefined || followed.accepted.duplicate) await removeAll(stored);
    return followed === undefined ? err(LONG_AGO) : ok(followed);
  } catch (error) {
    await removeAll(stored);
    throw error;
  }
}
