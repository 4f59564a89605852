import type { Assistant } from '../core/assistant.ts';
import type { ClientFrame, ServerFrame } from '../core/wire.ts';
import { errorFrame } from './frames.ts';
import type { GatewayLimits } from './limits.ts';
import type { GatewayLog } from './log.ts';
import type { Outbound } from './outbound.ts';
import { type Subscription, startSubscription } from './subscription.ts';

type FrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>;

/** What one client watches: at most one subscription for each conversation. Answers its requests itself. */
export interface Subscriptions {
  /** The answer has its place between the past and the live entries. Replaces an earlier one. */
  open(frame: FrameOf<'subscribe'>): void;
  end(frame: FrameOf<'unsubscribe'>): void;
  clear(): void;
}

export interface SubscriptionsOptions {
  readonly assistant: Assistant;
  readonly outbound: Outbound;
  readonly limits: GatewayLimits;
  readonly log: GatewayLog;
  /** Called where a subscription that had caught up broke. */
  readonly onLost: () => void;
}

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { assistant, outbound, limits, log, onLost } = options;
  const open = new Map<string, Subscription>();

  const end = (conversationId: string) => {
    open.get(conversationId)?.stop();
    open.delete(conversationId);
  };

  const start = ({ requestId, conversationId, after }: FrameOf<'subscribe'>): Subscription => {
    const answer = answerOnce(outbound);
    const { stop } = startSubscription({
      assistant,
      conversationId,
      after,
      outbound,
      onCaughtUp: (cursor) => answer({ type: 'subscribed', requestId, conversationId, cursor }),
      onFailure(error) {
        log.error({ err: error, conversationId }, 'a subscription failed');
        open.delete(conversationId);
        if (!answer(errorFrame(requestId, 'storage', UNREADABLE))) onLost();
      },
    });
    return {
      stop() {
        stop();
        answer(errorFrame(requestId, 'not-found', 'The subscription ended before it had caught up.'));
      },
    };
  };

  return {
    open(frame) {
      end(frame.conversationId);
      if (open.size < limits.subscriptions) open.set(frame.conversationId, start(frame));
      else outbound.push(errorFrame(frame.requestId, 'busy', FULL));
    },
    end({ requestId, conversationId }) {
      end(conversationId);
      outbound.push({ type: 'done', requestId });
    },
    clear() {
      for (const conversationId of open.keys()) end(conversationId);
    },
  };
}

const UNREADABLE = 'The conversation could not be read. Try again shortly.';
const FULL = 'This connection watches too many conversations. Unsubscribe from one first.';

/** Sends the first frame it is given and no other. Tells whether this was the first. */
function answerOnce(outbound: Outbound): (frame: ServerFrame) => boolean {
  let answered = false;
  return (frame) => {
    if (answered) return false;
    answered = true;
    outbound.push(frame);
    return true;
  };
}
