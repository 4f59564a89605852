import { createHash } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import type { ModelAnswer } from '../../src/llm/index.ts';
import type { Question } from './worst-cost.ts';

/** Answers to questions that were asked before, of calls that the user does not see and that can use no tool. */
export interface AnswerCache {
  find(key: string): ModelAnswer | undefined;
  keep(key: string, answer: ModelAnswer): void;
}

const MAX_ENTRIES = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;

interface Kept {
  readonly answer: ModelAnswer;
  readonly until: number;
  readonly bytes: number;
}

/**
 * At most 1,000 answers of 4 MiB together; the oldest go first. Nothing of the questions is kept.
 *
 * @param keepMs how long an answer counts
 */
export function createAnswerCache(clock: Clock, keepMs: number): AnswerCache {
  const kept = new Map<string, Kept>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    find(key) {
      const found = kept.get(key);
      if (!found || found.until > clock.now()) return found?.answer;
      drop(key);
      return undefined;
    },
    keep(key, answer) {
      const entry = { answer, until: clock.now() + keepMs, bytes: 2 * answer.text.length };
      if (entry.bytes > MAX_BYTES) return;
      drop(key);
      kept.set(key, entry);
      bytes += entry.bytes;
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_ENTRIES && bytes <= MAX_BYTES) break;
        drop(oldest);
      }
    },
  };
}

/** The same for the same question to the same model; undefined for one whose answer must not be kept. */
export function cacheKey(model: string, { tools, messages, ...rest }: Question): string | undefined {
  if (tools.length > 0 || messages.some((one) => one.role === 'user' && one.pictures?.length))
    return undefined;
  return createHash('sha256')
    .update(JSON.stringify([model, rest, messages]))
    .digest('base64');
}
