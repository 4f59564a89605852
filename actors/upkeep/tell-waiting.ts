import type { ConversationSummary, Inbound } from '../../src/core/assistant.ts';
import {
  compose,
  countWaiting,
  mute,
  type NotifyPolicy,
  type Place,
  type Places,
  planTellings,
  type Telling,
  tellStatement,
  waitingNotifications,
} from '../../src/notifications/index.ts';
import {
  acceptStatement,
  OWN_CHANNELS,
  readTraits,
  recentConversations,
} from '../../src/storage/journal/index.ts';
import { sessionKey } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';

type Parts = Pick<Environment, 'database' | 'clock' | 'ids' | 'hints' | 'settings'>;

/** Without settings: at once, as it is. */
const PLAIN: Omit<NotifyPolicy, 'timezone'> = { rules: [], digestAt: 18 * 60, gatherMs: 10_000 };

/** Conversations among which the one is looked for in which somebody talked last. */
const MOST_LOOKED_AT = 100;

/**
 * Tells what waits. What is told is an input of its conversation, accepted in the commit that settles what it tells: so
 * each notification is told once, whenever the process dies and however many processes there are.
 */
export function createTelling(env: Parts): { look(): Promise<void> } {
  const { database, clock, settings } = env;
  const lastTold = new Map<string, number>();
  let held = { count: 0, until: Number.NEGATIVE_INFINITY };

  async function look(): Promise<void> {
    const count = await countWaiting(database);
    if (count === 0 || (count === held.count && clock.now() < held.until)) return;
    const waiting = await waitingNotifications(database);
    const policy: NotifyPolicy = { ...PLAIN, ...settings.notify, timezone: settings.timezone };
    const places = await placesOf(env, waiting);
    const now = clock.now();
    const { tellings, muted, againAt } = planTellings(waiting, policy, places, lastTold, now);
    await mute(database, muted, now);
    for (const telling of tellings) if (await tell(env, telling)) lastTold.set(telling.group, now);
    forgetOld(lastTold, now - policy.gatherMs);
    held = { count: await countWaiting(database), until: Math.min(againAt, now + LONGEST_HOLD_MS) };
  }

  return { look };
}

/** A new conversation, or a policy that was changed, may let go what is held. */
const LONGEST_HOLD_MS = 60_000;

function forgetOld(lastTold: Map<string, number>, before: number): void {
  for (const [group, at] of lastTold) if (at < before) lastTold.delete(group);
}

/** False where another process was faster. */
async function tell(env: Parts, { place, first, rest, isDigest }: Telling): Promise<boolean> {
  const { database, clock, ids, hints } = env;
  const { text, from, origins } = compose(first, rest, { isDigest });
  const { conversationId, channel } = place;
  const inbound: Inbound = {
    channel,
    externalId: `notification/${first.key}`,
    conversationId,
    input: { type: 'notice', text, from, ...(origins.length > 0 && { origins }) },
  };
  const now = clock.now();
  const row = { inboxId: ids.next(), actorKey: sessionKey(conversationId), at: new Date(now).toISOString() };
  const all = [first, ...rest].map(({ id }) => id);
  const { committed } = await database.commit([
    tellStatement(first.id, all, conversationId, now),
    acceptStatement(inbound, row),
  ]);
  if (committed) hints.inputAccepted(conversationId, { inboxId: row.inboxId, channel, input: inbound.input });
  return committed;
}

/** Where each of them belongs, and the conversations that were active last. */
async function placesOf(
  { database }: Parts,
  waiting: readonly { readonly conversationId: string | null }[],
): Promise<Places> {
  const recent = await lastTalkedIn(database);
  const talks = new Map<string, Place>(recent.map((one) => [one.conversationId, one]));
  const meant = new Set(waiting.flatMap(({ conversationId }) => conversationId ?? []));
  for (const id of meant) {
    if (talks.has(id)) continue;
    const traits = await readTraits(database, id);
    if (traits && !OWN.has(traits.channel)) talks.set(id, { conversationId: id, channel: traits.channel });
  }
  return {
    own: (conversationId) => talks.get(conversationId),
    latest: (channel) => recent.find((one) => channel === undefined || one.channel === channel),
  };
}

/** What was told there does not count: else whatever was told once would draw all else after it. */
async function lastTalkedIn(database: Parts['database']): Promise<readonly ConversationSummary[]> {
  const recent = await recentConversations(database, MOST_LOOKED_AT);
  const keys = recent.map(({ conversationId }) => sessionKey(conversationId));
  const { rows } = await database.query<{ key: string; at: Date }>(LAST_TURN, [keys]);
  const last = new Map(rows.map(({ key, at }) => [key, at.getTime()]));
  const at = ({ conversationId }: ConversationSummary): number => last.get(sessionKey(conversationId)) ?? 0;
  return recent.toSorted((a, b) => at(b) - at(a));
}

/** Walks back over what was told since, and no further. */
const LAST_TURN = `
  select key, turn.at from unnest($1::text[]) as key, lateral (
    select at from journal where actor_key = key and type = 'turn.began' order by seq desc limit 1
  ) as turn`;

/** Of conversations in which no person talks. */
const OWN: ReadonlySet<string> = new Set(OWN_CHANNELS);
