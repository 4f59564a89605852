import type { LiveEvent } from '../core/assistant.ts';
import type { ServerFrame } from '../core/wire.ts';
import { GatewayError } from './gateway-error.ts';
import type { AnswerOf, AskGateway } from './resilient-link.ts';

/** The client's end of its subscriptions: where each has got to, whatever connection it runs over. */
export interface Watches {
  open(conversationId: string, after: number, listener: (event: LiveEvent) => void): Promise<Watch>;
  onFrame(frame: ServerFrame): void;
  /** Subscribes again over a new connection. */
  renew(): Promise<void>;
}

export interface Watch {
  readonly cursor: number;
  stop(): void;
}

interface Watching {
  readonly conversationId: string;
  readonly listener: (event: LiveEvent) => void;
  last: number;
  /** False while its request waits, which is sent again by itself. */
  open: boolean;
}

export function createWatches(request: AskGateway): Watches {
  const watching = new Map<string, Watching>();

  const subscribe = async (watch: Watching): Promise<number> => {
    const { conversationId } = watch;
    watch.open = false;
    const question = () => ({ type: 'subscribe', conversationId, after: watch.last }) as const;
    const { cursor } = await request('subscribed', question);
    watch.open = true;
    return cursor;
  };

  const renewOne = async (watch: Watching) => {
    try {
      await subscribe(watch);
    } catch (error) {
      const stopped = watching.get(watch.conversationId) !== watch;
      if (!stopped) throw error;
    }
  };

  const stop = (watch: Watching) => {
    const { conversationId } = watch;
    if (watching.get(conversationId) !== watch) return;
    watching.delete(conversationId);
    // Where this fails the connection has ended, and the subscription with it.
    request('done', { type: 'unsubscribe', conversationId }).catch(() => {});
  };

  return {
    async open(conversationId, after, listener) {
      if (watching.has(conversationId))
        throw new GatewayError('busy', 'This conversation is watched already.');
      const watch: Watching = { conversationId, listener, last: after, open: false };
      watching.set(conversationId, watch);
      try {
        const cursor = await subscribe(watch);
        return { cursor, stop: () => stop(watch) };
      } catch (error) {
        watching.delete(conversationId);
        throw error;
      }
    },

    onFrame(frame) {
      if (!isWatched(frame)) return;
      const watch = watching.get(frame.conversationId);
      if (watch !== undefined) deliver(watch, frame);
    },

    async renew() {
      const open = [...watching.values()].filter((watch) => watch.open);
      await Promise.all(open.map(renewOne));
    },
  };
}

type WatchedFrame = AnswerOf<'entry' | 'delta' | 'progress' | 'subscribed'>;

const WATCHED: ReadonlySet<string> = new Set(['entry', 'delta', 'progress', 'subscribed']);

const isWatched = (frame: { readonly type: string }): frame is WatchedFrame => WATCHED.has(frame.type);

function deliver(watch: Watching, frame: WatchedFrame): void {
  switch (frame.type) {
    case 'subscribed':
      // A journal restored from a backup may end before where this client was.
      watch.last = Math.min(watch.last, frame.cursor);
      return;
    case 'delta': {
      const { effectId, offset, text } = frame;
      watch.listener({ type: 'delta', effectId, offset, text });
      return;
    }
    case 'progress': {
      const { effectId, text } = frame;
      watch.listener({ type: 'progress', effectId, text });
      return;
    }
    case 'entry':
      // Entries come in order and without gaps; any other was left over from an earlier subscription.
      if (frame.entry.seq !== watch.last + 1) return;
      watch.last = frame.entry.seq;
      watch.listener({ type: 'entry', entry: frame.entry });
  }
}
