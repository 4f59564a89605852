import type { ConversationSummary } from '../src/core/assistant.ts';
import { err, ok, type Result } from '../src/core/result.ts';
import { findConversations, recentConversations } from '../src/storage/journal/index.ts';
import type { MeantPlace, Messenger, Place } from '../src/tools/index.ts';
import { type Acceptance, createAccept } from './accept.ts';

/** How many conversations are looked at, and named where none or several fit. */
const MAX_LOOKED_AT = 200;
const MAX_NAMED = 8;

/** Tells the user things in conversations that they already have: a channel is one that they talked on. */
export function createMessenger(parts: Acceptance): Messenger {
  const { database } = parts;
  const accept = createAccept(parts);
  return {
    async locate(meant) {
      const word = meant.conversation;
      const recent = await recentConversations(database, MAX_LOOKED_AT);
      const found = word === undefined ? recent : await findConversations(database, word, MAX_LOOKED_AT);
      return placed(meant, found, recent);
    },
    async deliver({ externalId, conversationId, channel, text, from, origins }) {
      await accept({
        channel,
        externalId: `notice/${externalId}`,
        conversationId,
        input: { type: 'notice', text, from, ...(origins.length > 0 && { origins }) },
      });
    },
  };
}

function placed(
  { conversation, channel }: MeantPlace,
  found: readonly ConversationSummary[],
  recent: readonly ConversationSummary[],
): Result<Place, string> {
  if (conversation === undefined && channel === undefined) return err(`Say where: ${names(recent)}`);
  const fitting = found.filter((one) => channel === undefined || one.channel === channel.toLowerCase());
  const exact = fitting.find(({ conversationId }) => conversationId === conversation);
  const [place] = exact ? [exact] : fitting;
  if (!place) return err(`There is no ${wanted({ conversation, channel })}. ${names(recent)}`);
  const isUnclear = conversation !== undefined && !exact && fitting.length > 1;
  return isUnclear ? err(`Several fit "${conversation}"; give the id. ${names(fitting)}`) : ok(place);
}

function wanted({ conversation, channel }: Partial<Record<keyof MeantPlace, string | undefined>>): string {
  if (conversation === undefined) return `channel "${channel}"`;
  return `conversation "${conversation}"${channel === undefined ? '' : ` on the channel ${channel}`}`;
}

/** What there is, for the model to choose from. */
function names(conversations: readonly ConversationSummary[]): string {
  const channels = [...new Set(conversations.map(({ channel }) => channel))];
  const titles = conversations
    .slice(0, MAX_NAMED)
    .map(({ conversationId, title }) => `${conversationId} (${title ?? 'no title'})`);
  return `Channels: ${channels.join(', ') || 'none'}. Conversations: ${titles.join('; ') || 'none'}.`;
}
