import type { Accepted, Assistant, Inbound, LiveEvent } from '../../core/assistant.ts';
import { coerceError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import type { ServerFrame } from '../../core/wire.ts';
import type { Outbound } from '../outbound.ts';
import { startSubscription } from '../subscription.ts';
import { findPart } from './find-part.ts';
import { createPartReader, type PartEvent, type PartStart } from './turn-part.ts';

/** An input on its way through the assistant. */
export interface Followed {
  readonly accepted: Accepted;
  readonly start: PartStart;
  /** Tells what became of it so far, then what follows. Once. */
  hear(listener: PartListener): void;
  /** Stops its turn, now or when it begins; nothing where that has ended. Only after `hear`. */
  interrupt(): void;
  /** Tells no more; the turn goes on. */
  leave(): void;
}

export interface PartListener {
  /** In order; nothing follows the event `ended`. */
  onEvent(event: PartEvent): void;
  /** The journal could not be read: nothing follows. Or the interrupt could not be taken in. */
  onFailure(error: Error): void;
}

export interface FollowOptions {
  readonly assistant: Assistant;
  readonly ids: Ids;
  readonly inbound: Inbound;
}

/**
 * Takes an input in, to tell what becomes of it. One that was taken in before is told again from its beginning;
 * undefined where that lies more than 10,000 entries back. Rejects as `accept` does.
 */
export async function followInput(options: FollowOptions): Promise<Followed | undefined> {
  const { assistant, inbound } = options;
  const { conversationId } = inbound;
  const listening = listen(options, await latestSeq(assistant, conversationId));
  try {
    await listening.caughtUp;
    const accepted = await assistant.accept(inbound);
    const start = startOf(inbound, accepted);
    const place = accepted.duplicate ? await findPart(assistant, conversationId, start) : 'not-yet';
    if (place === 'not-yet') return follow(options, { accepted, start, listening });
    listening.stop();
    if (place === 'too-far') return undefined;
    return follow(options, { accepted, start, listening: listen(options, place - 1) });
  } catch (error) {
    listening.stop();
    throw error;
  }
}

async function latestSeq(assistant: Assistant, conversationId: string): Promise<number> {
  return (await assistant.entries(conversationId, { limit: 1 })).at(-1)?.seq ?? 0;
}

function startOf({ input }: Inbound, { inboxId }: Accepted): PartStart {
  if (input.type !== 'approval') return { kind: 'message', inboxId };
  return { kind: 'decision', approvalId: input.approvalId, inboxId };
}

interface Taken {
  readonly accepted: Accepted;
  readonly start: PartStart;
  readonly listening: Listening;
}

function follow(options: FollowOptions, { accepted, start, listening }: Taken): Followed {
  let state: 'waiting' | 'running' | 'over' = 'waiting';
  let unwanted = false;
  let stopTurn = (): void => {};

  function note({ type }: PartEvent): void {
    if (type === 'began') state = 'running';
    if (type === 'began' && unwanted) stopTurn();
    if (type !== 'ended') return;
    state = 'over';
    listening.stop();
  }

  return {
    accepted,
    start,
    hear({ onEvent, onFailure }) {
      const reader = createPartReader(start);
      stopTurn = () => void interrupt(options).catch((error: unknown) => onFailure(coerceError(error)));
      const listener = (event: LiveEvent): void => {
        for (const told of reader.feed(event)) {
          note(told);
          onEvent(told);
        }
      };
      listening.hear(listener, onFailure);
    },
    interrupt() {
      if (state === 'running' && !unwanted) stopTurn();
      unwanted = true;
    },
    leave: listening.stop,
  };
}

async function interrupt({ assistant, ids, inbound }: FollowOptions): Promise<void> {
  const { channel, conversationId } = inbound;
  await assistant.accept({
    channel,
    conversationId,
    externalId: ids.next(),
    input: { type: 'interrupt' },
  });
}

interface Listening {
  /** Resolves when what happens from now on is heard. */
  readonly caughtUp: Promise<void>;
  /** Hands over what was heard so far, then what follows. */
  hear(listener: (event: LiveEvent) => void, onFailure: (error: Error) => void): void;
  stop(): void;
}

/** Hears the conversation from an entry on, without a gap. */
function listen({ assistant, inbound }: FollowOptions, after: number): Listening {
  const caughtUp = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<Error>();
  const early: LiveEvent[] = [];
  let listener = (event: LiveEvent): void => void early.push(event);
  const subscription = startSubscription({
    assistant,
    conversationId: inbound.conversationId,
    after,
    outbound: neverBehind((frame) => {
      if (frame.type === 'entry' || frame.type === 'delta') listener(frame);
    }),
    onCaughtUp: () => caughtUp.resolve(),
    onFailure(error) {
      caughtUp.reject(error);
      failed.resolve(coerceError(error));
    },
  });
  caughtUp.promise.catch(() => {});
  return {
    caughtUp: caughtUp.promise,
    hear(given, onFailure) {
      listener = given;
      for (const event of early.splice(0)) given(event);
      void failed.promise.then(onFailure);
    },
    stop: () => subscription.stop(),
  };
}

/** Somebody in this process listens: nothing has to be sent, so nothing is ever behind. */
const neverBehind = (push: (frame: ServerFrame) => void): Outbound => ({
  push,
  congested: false,
  wantsPause: false,
  ready: async () => {},
  stalled: () => false,
  idle: true,
});
