import type { LiveEvent } from '../src/core/assistant.ts';
import type { GatewayClient } from '../src/gateway/index.ts';

/** One user in one conversation, over a real WebSocket. */
export interface Conversation {
  /** Says something; resolves with the milliseconds from there until the turn's reply had arrived. */
  say(text: string): Promise<number>;
  leave(): void;
}

export async function openConversation(client: GatewayClient, conversationId: string): Promise<Conversation> {
  let replied = Promise.withResolvers<void>();
  const watch = await client.subscribe(conversationId, 0, (event) => {
    const problem = problemIn(event);
    if (problem !== undefined) replied.reject(new Error(problem));
    else if (event.type === 'entry' && event.entry.type === 'turn.replied') replied.resolve();
  });

  return {
    async say(text) {
      replied = Promise.withResolvers();
      const startedAt = performance.now();
      await Promise.all([client.send(conversationId, text), replied.promise]);
      return performance.now() - startedAt;
    },
    leave: () => watch.stop(),
  };
}

/** Turns that fail are fast, and must not pass for good figures. */
function problemIn(event: LiveEvent): string | undefined {
  if (event.type !== 'entry') return undefined;
  const { entry } = event;
  if (entry.type === 'turn.replied' && entry.finish !== 'answered')
    return `a turn ${entry.finish}: ${entry.text}`;
  return entry.type === 'input.refused' ? entry.reason : undefined;
}
