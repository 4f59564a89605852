import type { JournalEntry } from '../core/journal.ts';
import { plainText } from './plain-text.ts';

/** What the models of a conversation have read, for the row above the prompt. */
export interface Tally {
  add(entry: JournalEntry): void;
  /** Whether an answer was one that costs. */
  readonly isPaid: boolean;
  /** `anthropic/x · 12.3k tokens`: who answered last, and what it read and wrote; empty before the first answer. */
  readonly text: string;
}

export function createTally(): Tally {
  let text = '';
  let isPaid = false;
  return {
    get isPaid() {
      return isPaid;
    },
    get text() {
      return text;
    },
    add: (entry) => {
      if (entry.type !== 'model.completed') return;
      const tokens = entry.usage.inputTokens + entry.usage.outputTokens;
      isPaid ||= entry.costMicroUsd !== undefined;
      // A model that counts nothing, as the offline one, has nothing to be told.
      if (tokens > 0) text = `${plainText(entry.model)} · ${shortCount(tokens)} tokens`;
    },
  };
}

/** `950`, `12.3k`, `1.2M` */
function shortCount(count: number): string {
  if (count < 1_000) return String(count);
  const [size, unit] = count < 999_950 ? [1_000, 'k'] : [1_000_000, 'M'];
  return `${(count / size).toFixed(1)}${unit}`;
}

/** Dollars; more of them are shown the fewer they are: `$0.0042`, `$1.30`. */
export function dollars(microUsd: number): string {
  return `$${(microUsd / 1_000_000).toFixed(microUsd < 100_000 ? 4 : 2)}`;
}
