import { batch, computed, signal } from '@preact/signals';
import type { DeliveryMode } from '../../../src/core/assistant.ts';
import type { UserMessage } from '../../../src/core/journal.ts';
import { ConnectionError, request } from '../connection.ts';
import { newId } from './ids.ts';

/** A message on its way. It waits here, over reloads too, until the assistant has it for good. */
export interface Outgoing {
  readonly conversationId: string;
  /** The client's own: sent twice, it is the same message. */
  readonly messageId: string;
  readonly text: string;
  readonly mode: DeliveryMode | 'auto';
}

/** On disk with the assistant, but perhaps not yet in what is shown. */
interface Taken extends Outgoing {
  readonly inboxId: string;
}

const PREFIX = 'outbox/';
const waiting = signal<readonly Outgoing[]>(stored());
const taken = signal<readonly Taken[]>([]);

/** Waiting ones whose text came back as a message before it was said that they were taken. */
const met = signal<ReadonlySet<string>>(new Set());

/** What was sent and is not yet shown by the journal. */
export const outgoing = computed<readonly Outgoing[]>(() => [
  ...taken.value,
  ...waiting.value.filter(({ messageId }) => !met.value.has(messageId)),
]);

/** Inputs that this page sent, until it has been led somewhere by one. */
export const sentHere = new Set<string>();

interface Listener {
  /** The assistant has it. */
  accepted(sent: Outgoing, inboxId: string): void;
  /** It will never have it: too large, refused. */
  refused(sent: Outgoing, error: Error): void;
}

export function send(conversationId: string, text: string, mode: Outgoing['mode'], listener: Listener): void {
  const sent = { conversationId, messageId: `${Date.now()}-${newId()}`, text, mode };
  keep(sent);
  waiting.value = [...waiting.peek(), sent];
  void deliver(sent, listener);
}

/** Sends again what waits. What the assistant had already is the same message. */
export function resend(listener: Listener): void {
  for (const sent of waiting.peek()) void deliver(sent, listener);
}

/** The journal shows it now. */
export function shown(has: (inboxId: string) => boolean): void {
  if (taken.peek().some(({ inboxId }) => has(inboxId)))
    taken.value = taken.peek().filter(({ inboxId }) => !has(inboxId));
}

/** The journal shows a message. It may be one that waits here, whose acceptance is told a moment later. */
export function came(conversationId: string, { inboxId, text }: UserMessage): void {
  if (sentHere.has(inboxId) || taken.peek().some((one) => one.inboxId === inboxId)) return;
  const own = waiting
    .peek()
    .find(
      (one) => one.conversationId === conversationId && one.text === text && !met.peek().has(one.messageId),
    );
  if (own) met.value = new Set([...met.peek(), own.messageId]);
}

const delivering = new Set<string>();

async function deliver(sent: Outgoing, listener: Listener): Promise<void> {
  if (delivering.has(sent.messageId)) return;
  delivering.add(sent.messageId);
  try {
    const { inboxId } = await request('accepted', { type: 'send', ...sent });
    sentHere.add(inboxId);
    // At once, so that it is never seen twice.
    batch(() => {
      taken.value = [...taken.peek(), { ...sent, inboxId }];
      forget(sent);
      listener.accepted(sent, inboxId);
    });
  } catch (error) {
    // Lost with the connection: it is sent again with the next one.
    if (error instanceof ConnectionError && error.code === 'closed') return;
    forget(sent);
    listener.refused(sent, error instanceof Error ? error : new Error(String(error)));
  } finally {
    delivering.delete(sent.messageId);
  }
}

function forget({ messageId }: Outgoing): void {
  localStorage.removeItem(PREFIX + messageId);
  waiting.value = waiting.peek().filter((one) => one.messageId !== messageId);
  met.value = new Set([...met.peek()].filter((one) => one !== messageId));
}

/** A full or forbidden store costs only that it does not outlive the page. */
function keep(sent: Outgoing): void {
  try {
    localStorage.setItem(PREFIX + sent.messageId, JSON.stringify(sent));
  } catch {}
}

function stored(): readonly Outgoing[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .sort()
    .flatMap((key) => read(localStorage.getItem(key)));
}

function read(json: string | null): readonly Outgoing[] {
  const value: unknown = JSON.parse(json ?? 'null');
  if (typeof value !== 'object' || value === null) return [];
  const { conversationId, messageId, text, mode }: Partial<Record<string, unknown>> = { ...value };
  if (typeof conversationId !== 'string' || typeof messageId !== 'string' || typeof text !== 'string')
    return [];
  return [
    {
      conversationId,
      messageId,
      text,
      mode: mode === 'steer' || mode === 'interrupt' || mode === 'queue' ? mode : 'auto',
    },
  ];
}
