import { computed, effect, signal } from '@preact/signals';
import type { ConversationSummary, PendingApproval } from '../../../src/core/assistant.ts';
import { isConnected, request, whenConnected } from '../connection.ts';
import { kept } from '../kept.ts';
import { current, listVersion } from './conversation.ts';

/** Undefined until they were asked for. */
export const conversations = signal<readonly ConversationSummary[] | undefined>(undefined);
export const approvals = signal<readonly PendingApproval[]>([]);

/** How much of each conversation has been seen in this browser, by the number of its last entry. */
const seen = kept<Readonly<Record<string, number>>>('seen', readSeen);

function readSeen(stored: unknown): Readonly<Record<string, number>> {
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(
    Object.entries(stored).flatMap(([id, cursor]) => (typeof cursor === 'number' ? [[id, cursor]] : [])),
  );
}

export const title = computed(
  () => conversations.value?.find(({ conversationId }) => conversationId === current.value)?.title ?? null,
);

export type Mark = 'asks' | 'busy' | 'unread' | undefined;

export function markOf({ conversationId, busy, cursor }: ConversationSummary): Mark {
  if (approvals.value.some((asked) => asked.conversationId === conversationId)) return 'asks';
  if (busy) return 'busy';
  const known = seen.value[conversationId];
  return conversationId !== current.value && known !== undefined && cursor > known ? 'unread' : undefined;
}

const REFRESH_MS = 150;
const POLL_MS = 20_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Coalesced: a burst of turns asks once. */
export function refreshList(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void fetchList().catch(() => {}), REFRESH_MS);
}

async function fetchList(): Promise<void> {
  const [list, asked] = await Promise.all([
    request('conversations', { type: 'conversations' }),
    request('approvals', { type: 'approvals' }),
  ]);
  conversations.value = list.conversations;
  approvals.value = asked.approvals;
  remember(list.conversations);
}

/** What a command that led away still answered there is no news. */
const LEAVING_MS = 3_000;
let front: { readonly id: string; readonly since: number; readonly before: string | undefined } | undefined;

function justLeft(): string | undefined {
  return front && performance.now() - front.since < LEAVING_MS ? front.before : undefined;
}

/** What is in front is seen; what was never looked at here counts as seen from now on. */
function remember(list: readonly ConversationSummary[]): void {
  const before = seen.peek();
  const isVisible = document.visibilityState === 'visible';
  const now = list.map(({ conversationId, cursor }): [string, number] => {
    const isInFront = isVisible && [current.peek(), justLeft()].includes(conversationId);
    return [conversationId, isInFront ? cursor : (before[conversationId] ?? cursor)];
  });
  seen.value = Object.fromEntries(now);
}

/** Keeps the list as it is: after what is seen here, when the window is looked at again, and now and then. */
export function followList(): void {
  effect(() => {
    void listVersion.value;
    const id = current.value;
    if (id !== front?.id) front = { id, since: performance.now(), before: front?.id };
    if (isConnected.value) refreshList();
  });
  whenConnected(refreshList);
  addEventListener('focus', refreshList);
  setInterval(() => {
    if (document.visibilityState === 'visible' && isConnected.peek()) refreshList();
  }, POLL_MS);
  effect(() => {
    document.title = `${approvals.value.length > 0 ? `(${approvals.value.length}) ` : ''}${title.value ?? 'Ironbark'}`;
  });
}
