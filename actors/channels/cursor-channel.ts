import { fromCallback } from 'xstate';
import { markReplies, openReplies } from '../../src/storage/journal/index.ts';
import type { Environment } from '../environment.ts';

export interface CursorChannelInput {
  readonly env: Environment;
  /** The channel it serves, for example `web`. */
  readonly channel: string;
}

/** How long replies are gathered before their rows are closed. */
const GATHER_MS = 200;

export type CursorChannelEvent = { readonly type: 'outbox.prepared'; readonly outboxId: string };

/**
 * Delivery for clients that read a conversation by cursor (browser, terminal, command line): the reply is an
 * entry of the journal, so that a client gets it exactly once whenever it asks. All there is to do is to close the
 * outbox rows: many at a time, and late enough that nobody's next message waits behind it. What is still open when the
 * process ends is closed at the next start.
 */
export const cursorChannel = fromCallback<CursorChannelEvent, CursorChannelInput>(({ input, receive }) => {
  const { env, channel } = input;
  let prepared: string[] = [];
  let marking = false;
  let gathering: NodeJS.Timeout | undefined;

  async function mark(): Promise<void> {
    if (marking) return;
    marking = true;
    try {
      while (prepared.length > 0) {
        const batch = prepared;
        prepared = [];
        await markReplies(env.database, batch, 'delivered', new Date(env.clock.now()).toISOString());
      }
    } catch (error) {
      env.log.warn({ channel, err: error }, 'replies not marked as delivered; done at the next start');
    } finally {
      marking = false;
    }
  }

  async function recover(): Promise<void> {
    try {
      for (const { id } of await openReplies(env.database, channel)) prepared.push(id);
    } catch (error) {
      env.log.warn({ channel, err: error }, 'outbox not read');
    }
    await mark();
  }

  receive(({ outboxId }) => {
    prepared.push(outboxId);
    gathering ??= setTimeout(() => {
      gathering = undefined;
      void mark();
    }, GATHER_MS);
  });
  void recover();
  return () => clearTimeout(gathering);
});
