import { systemClock } from '../src/core/clock.ts';
import type { Database } from '../src/storage/index.ts';
import { type ActorJournal, createInbox, markReplies, openJournal } from '../src/storage/journal/index.ts';
import { runLoad } from './load.ts';

/** Writes what turns write, without the turns: the same units in the same order. */
export interface TurnWriter {
  /** So many turns, as many conversations having one at a time. Resolves with turns a second. */
  write(turns: number): Promise<number>;
}

const CONVERSATIONS = 20;
const EPOCH = 1;

/** @param name makes the turns of one writer differ from those of others on the same database */
export async function openTurnWriter(database: Database, name: string): Promise<TurnWriter> {
  const inbox = createInbox(database);
  const journals: ActorJournal[] = [];
  let count = 0;

  const now = (): string => new Date().toISOString();
  const accept = async (conversationId: string): Promise<string> => {
    const inboxId = `${name}-${++count}`;
    const input = { type: 'message', text: 'Go on.', mode: 'queue' } as const;
    const inbound = { channel: 'gateway', externalId: inboxId, conversationId, input };
    await inbox.accept(inbound, { inboxId, actorKey: `session/${conversationId}`, at: now() });
    return inboxId;
  };

  for (let place = 0; place < CONVERSATIONS; place++) {
    const conversationId = `${name}-${place}`;
    await accept(conversationId);
    const opened = await openJournal(database, systemClock, `session/${conversationId}`, EPOCH);
    if (opened) journals.push(opened.journal);
  }

  async function writeTurn(place: number): Promise<void> {
    const journal = journals[place];
    if (!journal) throw new Error(`conversation ${place} was not opened`);
    const effectId = await begin(journal, await accept(`${name}-${place}`));
    await markReplies(database, [await end(journal, effectId)], 'delivered', now());
  }

  return {
    async write(turns) {
      const { perSecond } = await runLoad(CONVERSATIONS, turns / CONVERSATIONS, async (place) => {
        const startedAt = performance.now();
        await writeTurn(place);
        return performance.now() - startedAt;
      });
      return perSecond;
    },
  };
}

async function begin(journal: ActorJournal, inboxId: string): Promise<string> {
  const { entries } = await journal.commit((firstSeq) => {
    const effectId = `${journal.key}:${firstSeq}:0`;
    return {
      records: [
        { type: 'turn.began', turnId: inboxId, messages: [{ inboxId, text: 'Go on.' }], route: 'task' },
        { type: 'model.requested', turnId: inboxId, effectId, iteration: 1 },
      ],
      snapshot: { state: 'thinking', context: { turnId: inboxId, iteration: 1, calls: [] } },
      intended: [{ id: effectId, kind: 'requestModel', class: 'pure', request: { iteration: 1 } }],
      taken: [inboxId],
    };
  });
  return `${journal.key}:${entries[0]?.seq}:0`;
}

async function end(journal: ActorJournal, effectId: string): Promise<string> {
  const usage = { inputTokens: 10, outputTokens: 5 };
  const text = 'All right.';
  const { entries } = await journal.commit((firstSeq) => {
    const outboxId = `${journal.key}:${firstSeq}:0`;
    return {
      records: [
        { type: 'model.completed', turnId: effectId, effectId, model: 'default', text, toolCalls: [], usage },
        { type: 'turn.replied', turnId: effectId, outboxId, text, finish: 'answered', usage },
      ],
      snapshot: null,
      finished: [effectId],
      replies: [{ id: outboxId, channel: 'gateway', payload: { text } }],
    };
  });
  return `${journal.key}:${entries[0]?.seq}:0`;
}
