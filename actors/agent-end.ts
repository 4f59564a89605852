import type { Finish, JournalEntry, Origin } from '../src/core/journal.ts';
import { unitedOrigins } from '../src/safety/index.ts';
import { readEntries } from '../src/storage/journal/index.ts';
import { createBell } from './bell.ts';
import { sessionKey } from './conversation-key.ts';
import type { Environment } from './environment.ts';

/** How an agent's work ended. */
export interface AgentEnd {
  readonly finish: Finish;
  /** Its last words. */
  readonly text: string;
  /** Whose words, other than the user's, it had before it at any time. */
  readonly origins: readonly Origin[];
  /** Read and written by models in the whole conversation until then. */
  readonly tokens: number;
}

interface Sought {
  readonly conversationId: string;
  /** The input that its order is. */
  readonly inboxId: string;
}

/** The live feed tells at once; this is for what it missed. */
const LOOK_AGAIN_MS = 10_000;
const PAGE = 200;

/**
 * Waits until the agent's turn has ended. Undefined where the signal is aborted first.
 *
 * Cost: takes in each entry of the agent's journal once, live or, what was written before, a page at a time; none of
 * them stays in memory.
 */
export async function awaitEnd(
  { database, feed }: Environment,
  { conversationId, inboxId }: Sought,
  signal: AbortSignal,
): Promise<AgentEnd | undefined> {
  const reading = createReading(inboxId);
  const bell = createBell();
  const stop = feed.watch(conversationId, (event) => {
    if (event.type !== 'entry') return;
    const { entry } = event;
    // Out of turn it is read from the journal, after those that come before it.
    if (entry.seq === reading.cursor + 1) reading.read(entry);
    if (isEnding(entry)) bell.ring();
  });
  signal.addEventListener('abort', bell.ring);
  try {
    for (;;) {
      const after = reading.cursor;
      const entries = await readEntries(database, sessionKey(conversationId), { after, limit: PAGE });
      for (const entry of entries) if (entry.seq > reading.cursor) reading.read(entry);
      const isOver = (): boolean => reading.end !== undefined || signal.aborted;
      if (entries.length < PAGE && !isOver()) await bell.rung(LOOK_AGAIN_MS);
      if (isOver()) return reading.end;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', bell.ring);
  }
}

const isEnding = ({ type }: JournalEntry): boolean => type === 'turn.replied' || type === 'input.refused';

/** Goes through the journal of an agent's conversation, entry by entry. */
function createReading(inboxId: string) {
  let turnId: string | undefined;
  let origins: readonly Origin[] = [];
  let cursor = 0;
  let tokens = 0;
  let end: AgentEnd | undefined;
  return {
    get cursor() {
      return cursor;
    },
    get end() {
      return end;
    },
    read(entry: JournalEntry): void {
      cursor = entry.seq;
      if (end) return;
      if (entry.type === 'model.completed') tokens += entry.usage.inputTokens + entry.usage.outputTokens;
      if (entry.type === 'turn.began' && entry.messages.some((message) => message.inboxId === inboxId))
        turnId = entry.turnId;
      if (entry.type === 'input.refused' && entry.inboxId === inboxId)
        end = { finish: 'failed', text: entry.reason, origins, tokens };
      if (!('turnId' in entry) || entry.turnId !== turnId) return;
      origins = unitedOrigins(origins, originsOf(entry));
      if (entry.type === 'turn.replied') end = { finish: entry.finish, text: entry.text, origins, tokens };
    },
  };
}

function originsOf(entry: JournalEntry): readonly Origin[] {
  const own = 'origins' in entry ? (entry.origins ?? []) : [];
  if (entry.type !== 'turn.began' && entry.type !== 'turn.steered') return own;
  const told = entry.messages.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
  return entry.type === 'turn.began' ? [...told, ...(entry.agent?.origins ?? [])] : told;
}
