import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import type { MemoryAssistant } from './memory-assistant.ts';

/** Adds this many entries to a conversation, each carrying `text`. */
export function fill(assistant: MemoryAssistant, conversationId: string, count: number, text = ''): void {
  for (let done = 0; done < count; done++) assistant.append(conversationId, note(text));
}

export function note(text: string): JournalRecord {
  return { type: 'command.completed', turnId: 'turn', effectId: 'effect', command: 'note', text };
}

export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** Collects entries, and resolves `until(n)` when the one with this number has come. */
export function collector() {
  const seqs: number[] = [];
  const waiting = new Map<number, () => void>();
  return {
    seqs,
    take({ seq }: JournalEntry) {
      seqs.push(seq);
      waiting.get(seq)?.();
    },
    async until(seq: number) {
      if (!seqs.includes(seq)) await new Promise<void>((resolve) => waiting.set(seq, resolve));
    },
  };
}
