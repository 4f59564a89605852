import type { WorkPrompt } from '../../core/orchestrator.ts';
import type { OrchestratorClient } from '../../orchestrator/index.ts';

/** What is said to a job while it works, until it has time for it. */
export interface PromptInbox {
  /** What was said and not taken yet, oldest first; looks once more before it says that there is nothing. */
  take(): Promise<WorkPrompt | undefined>;
  /** Why nobody answers any more; undefined as long as somebody does. */
  readonly lost: AbortSignal;
  close(): void;
}

export interface PromptInboxOptions {
  readonly client: Pick<OrchestratorClient, 'prompt'>;
  /** The number of the last one that was taken in an earlier life. */
  readonly after: number;
  readonly everyMs?: number;
}

/** The reference implementation's. */
const EVERY_MS = 2_000;
const MOST_ERRORS = 5;

/** Asks for prompts from now on. After five errors in a row it is given up. */
export function createPromptInbox({ client, after, everyMs = EVERY_MS }: PromptInboxOptions): PromptInbox {
  const waiting: WorkPrompt[] = [];
  const lost = new AbortController();
  let cursor = after;
  let errors = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      for (;;) {
        const prompt = await client.prompt(cursor);
        errors = 0;
        if (!prompt) return;
        cursor = prompt.seq;
        waiting.push(prompt);
      }
    } catch (thrown) {
      if (++errors >= MOST_ERRORS) lost.abort(thrown);
    }
  }

  const lookOften = (): void => {
    looking = look().then(() => {
      if (!isClosed && !lost.signal.aborted) timer = setTimeout(lookOften, everyMs);
    });
  };
  lookOften();
  return {
    lost: lost.signal,
    async take() {
      await looking;
      if (waiting.length === 0) await look();
      return waiting.shift();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
