import type { OfferedInput } from '../machines/session.ts';
import type { ActorSystemHandle } from '../src/runtime/index.ts';
import type { CursorChannelEvent } from './channels/cursor-channel.ts';
import { channelName, ROUTER } from './names.ts';
import type { RouterEvent } from './router.ts';

/**
 * Wake-ups, given after a commit. They only save time: what was committed is found in the database all the same,
 * so a hint that nobody takes is no loss.
 */
export interface Hints {
  inputAccepted(conversationId: string, input: OfferedInput): void;
  replyPrepared(channel: string, outboxId: string): void;
  /** From now on hints go to this tree. */
  connect(system: Pick<ActorSystemHandle, 'send'>): void;
}

export function createHints(): Hints {
  let system: Pick<ActorSystemHandle, 'send'> | undefined;
  return {
    inputAccepted(conversationId, input) {
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
