import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Memo = z.object({ lastPrompt: z.number().int().min(0) });

/** What the bridge has to know after its container was started anew, beside what the orchestrator tells it. */
export interface BridgeMemo {
  /** The number of the last prompt that was passed on. */
  readonly lastPrompt: number;
  passedOn(prompt: number): void;
}

export function openMemo(state: string): BridgeMemo {
  mkdirSync(state, { recursive: true });
  const path = join(state, 'bridge.json');
  let { lastPrompt } = readMemo(path);
  return {
    get lastPrompt() {
      return lastPrompt;
    },
    passedOn(prompt) {
      lastPrompt = prompt;
      // Whole or not at all.
      writeFileSync(`${path}.new`, JSON.stringify({ lastPrompt }));
      renameSync(`${path}.new`, path);
    },
  };
}

function readMemo(path: string): z.infer<typeof Memo> {
  try {
    return Memo.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return { lastPrompt: 0 };
  }
}
