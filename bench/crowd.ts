import { connect, type GatewayClient } from '../src/gateway/index.ts';
import type { RunningAssistant } from './assistant.ts';
import { openConversation } from './conversation.ts';
import { type Load, runLoad } from './load.ts';
import { processorSeconds } from './process-usage.ts';

/** Users of one assistant who all talk at the same time, each in a conversation of their own. */
export interface Crowd extends AsyncDisposable {
  /** Each of so many conversations has so many turns, one after another. Every call begins new conversations. */
  converse(conversations: number, turns: number): Promise<TurnLoad>;
}

export interface TurnLoad extends Load {
  /** Processor time of the assistant's process, all threads, in milliseconds a turn. */
  readonly processorMs: number;
}

/** WebSockets; in a larger crowd several conversations share one. */
const CONNECTIONS = 20;

export async function openCrowd({ url, token, pid }: Omit<RunningAssistant, 'readyMs'>): Promise<Crowd> {
  const users = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => connect({ url, token, reconnect: false })),
  );
  let begun = 0;
  const userOf = (place: number): GatewayClient => {
    const user = users[place % users.length];
    if (!user) throw new Error('nobody is connected');
    return user;
  };

  return {
    async converse(conversations, turns) {
      const places = Array.from({ length: conversations }, (_, place) => place);
      const open = await Promise.all(
        places.map((place) => openConversation(userOf(place), `conversation-${++begun}`)),
      );
      const before = await processorSeconds(pid);
      const load = await runLoad(
        conversations,
        turns,
        async (place) => open[place]?.say('Go on.') ?? Number.NaN,
      );
      const spent = (await processorSeconds(pid)) - before;
      for (const conversation of open) conversation.leave();
      return { ...load, processorMs: (1000 * spent) / load.latencies.length };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(users.map((user) => user.close()));
    },
  };
}
