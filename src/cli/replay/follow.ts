import type { Assistant } from '../../core/assistant.ts';
import type { JournalEntry } from '../../core/journal.ts';

const PAGE = 200;

/**
 * A conversation's journal entries after `cursor`, as they come, without end: break out of it when done. What
 * the assistant pushes is only a wake-up; what it has stored is what is read. Rejects with the signal's reason
 * when it aborts.
 */
export async function* follow(
  assistant: Assistant,
  conversationId: string,
  cursor: number,
  signal: AbortSignal,
): AsyncGenerator<JournalEntry, never> {
  let news = Promise.withResolvers<void>();
  const wake = () => news.resolve();
  const stop = assistant.watch(conversationId, (event) => event.type === 'entry' && wake());
  signal.addEventListener('abort', wake);
  try {
    for (let after = cursor; ; ) {
      signal.throwIfAborted();
      // Renewed before reading: what is stored during the read wakes the next one.
      news = Promise.withResolvers<void>();
      const entries = await assistant.entries(conversationId, { after, limit: PAGE });
      for (const entry of entries) {
        after = entry.seq;
        yield entry;
      }
      if (entries.length === 0) await news.promise;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', wake);
  }
}
