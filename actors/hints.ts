import { knowsInput, type OfferedInput } from '../machines/session.ts';
import type { ActorSystemHandle } from '../src/runtime/index.ts';
import type { CursorChannelEvent } from './channels/cursor-channel.ts';
import { channelName, ROUTER, sessionName } from './names.ts';
import type { RouterEvent } from './router.ts';

/**
 * Wake-ups, given after a commit. They only save time: what was committed is found in the database all the same,
 * so a hint that nobody takes is no loss.
 */
export interface Hints {
  /**
   * An input that is about to be accepted. A conversation that is awake and has nothing to do may begin with it, as
   * long as whatever it commits cannot be written before the input is.
   */
  inputComing(conversationId: string, input: OfferedInput): void;
  inputAccepted(conversationId: string, input: OfferedInput): void;
  replyPrepared(channel: string, outboxId: string): void;
  /** From now on hints go to this tree. */
  connect(system: Pick<ActorSystemHandle, 'send' | 'whereis'>): void;
}

export function createHints(): Hints {
  let system: Pick<ActorSystemHandle, 'send' | 'whereis'> | undefined;
  return {
    inputComing(conversationId, input) {
      system?.whereis(sessionName(conversationId))?.send({ type: 'input.coming', input });
    },
    inputAccepted(conversationId, input) {
      // It has begun with it while it was coming: a second offer would change nothing.
      if (knowsInput(system?.whereis(sessionName(conversationId))?.getSnapshot(), input.inboxId)) return;
      const event: RouterEvent = { type: 'inbound.accepted', conversationId, input };
      system?.send(ROUTER, event);
    },
    replyPrepared(channel, outboxId) {
      const event: CursorChannelEvent = { type: 'outbox.prepared', outboxId };
      system?.send(channelName(channel), event);
    },
    connect(tree) {
      system = tree;
    },
  };
}
