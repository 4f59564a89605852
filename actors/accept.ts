import type { Accepted, Inbound } from '../src/core/assistant.ts';
import type { Clock } from '../src/core/clock.ts';
import type { Ids } from '../src/core/ids.ts';
import type { Hooks } from '../src/hooks/index.ts';
import type { Database } from '../src/storage/index.ts';
import { createInbox } from '../src/storage/journal/index.ts';
import { sessionKey } from './conversation-key.ts';
import type { Hints } from './hints.ts';
import { hookedInbound } from './hooks.ts';

export interface Acceptance {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hints: Hints;
  readonly hooks: Hooks;
}

/** Takes inputs in for good; see `Assistant.accept`. Whoever holds it may be any part of the program. */
export function createAccept({
  database,
  clock,
  ids,
  hints,
  hooks,
}: Acceptance): (inbound: Inbound) => Promise<Accepted> {
  const inbox = createInbox(database);
  return async (offered) => {
    const inbound = await hookedInbound({ hooks }, offered);
    const { conversationId, channel, input } = inbound;
    const at = new Date(clock.now()).toISOString();
    const row = { inboxId: ids.next(), actorKey: sessionKey(conversationId), at };
    const coming = { inboxId: row.inboxId, channel, input };
    // Its turn is then begun in the commit that accepts it. It begins for nothing where this is a duplicate: the step
    // that takes an input in is refused where there is no such input.
    if (database.inOrder && input.type === 'message') hints.inputComing(conversationId, coming);
    const { inboxId, duplicate } = await inbox.accept(inbound, row);
    if (!duplicate) hints.inputAccepted(conversationId, coming);
    return { inboxId, conversationId, duplicate };
  };
}
