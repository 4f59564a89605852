import type { DeliveryMode } from '../src/core/assistant.ts';
import type { JournalEntry } from '../src/core/journal.ts';

const MODES: Readonly<Record<string, DeliveryMode>> = {
  queue: 'queue',
  steer: 'steer',
  interrupt: 'interrupt',
};

/** The mode that a `/mode` command asks for; undefined for any other text. */
export function saidMode(text: string): DeliveryMode | undefined {
  const [, word = ''] = /^\/mode\s+([a-z]+)\s*$/i.exec(text.trim()) ?? [];
  return Object.hasOwn(MODES, word.toLowerCase()) ? MODES[word.toLowerCase()] : undefined;
}

/**
 * What the user last chose, as far as these entries tell. A session that is awake learns it from them, since what the
 * command stored is read only when a session wakes. Linear in the entries.
 */
export function chosenMode(entries: readonly JournalEntry[]): DeliveryMode | undefined {
  const last = entries.findLast((entry) => entry.type === 'turn.began' && commandMode(entry) !== undefined);
  return last?.type === 'turn.began' ? commandMode(last) : undefined;
}

function commandMode({ route, messages }: Extract<JournalEntry, { type: 'turn.began' }>) {
  return route === 'command' ? saidMode(messages[0]?.text ?? '') : undefined;
}
