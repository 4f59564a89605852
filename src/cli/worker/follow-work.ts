import { createBell } from '../../../actors/bell.ts';
import type { Accepted, Assistant } from '../../core/assistant.ts';
import type { Finish, JournalEntry, Origin } from '../../core/journal.ts';
import type { WorkEnd, WorkPrompt } from '../../core/orchestrator.ts';
import type { OrchestratorClient } from '../../orchestrator/index.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { jobEventOf } from '../../work/index.ts';

/** Says something in the conversation; the same id again is the same. `steers`: to the turn that runs. */
export type Say = (
  text: string,
  externalId: string,
  how?: { readonly steers: boolean; readonly origin: Origin | undefined },
) => Promise<Accepted>;

export interface Work {
  readonly assistant: Pick<Assistant, 'entries' | 'watch'>;
  readonly client: Pick<OrchestratorClient, 'event' | 'prompt' | 'end' | 'status'>;
  readonly conversationId: string;
  readonly say: Say;
  /** Of the order. */
  readonly inboxId: string;
  /** Events up to this one were told in an earlier life. */
  readonly lastEvent: number;
}

/** How often it is asked whether something was said to the job; the model is not called more often. */
const PROMPTS_EVERY_MS = 2_000;
const PAGE = 100;

/**
 * Tells outside what happens, in its order, each thing once, and inside what is said outside; until all that was said
 * has its reply. Then tells the end. False where it is stopped before.
 */
export async function followWork(work: Work, over: AbortSignal): Promise<boolean> {
  const { assistant, client, conversationId } = work;
  const reading = createReading();
  const alive = createSignOfLife(client);
  reading.expect(work.inboxId);
  const bell = createBell();
  const unwatch = assistant.watch(conversationId, (event) => {
    if (event.type === 'entry') bell.ring();
  });
  over.addEventListener('abort', bell.ring);
  try {
    for (let prompts = 0; !over.aborted; ) {
      await catchUp(work, reading, over);
      const said = await client.prompt(prompts);
      if (said) {
        prompts = said.seq;
        if (said.content) reading.expect(await hear(work, said, reading.isWorking));
        continue;
      }
      const end = reading.end();
      if (end) {
        await client.end(end);
        return true;
      }
      await alive.tell(reading.openCall);
      await bell.rung(PROMPTS_EVERY_MS);
    }
    return false;
  } finally {
    unwatch();
    over.removeEventListener('abort', bell.ring);
  }
}

async function hear(
  { say }: Work,
  { seq, content, origin }: WorkPrompt,
  isWorking: boolean,
): Promise<string> {
  const how = { steers: isWorking, origin: origin ?? undefined };
  return (await say(content, `prompt-${seq}`, how)).inboxId;
}

type Reading = ReturnType<typeof createReading>;

async function catchUp(
  { assistant, client, conversationId, lastEvent }: Work,
  reading: Reading,
  over: AbortSignal,
): Promise<void> {
  for (;;) {
    const entries = await assistant.entries(conversationId, { after: reading.cursor, limit: PAGE });
    for (const entry of entries) {
      const event = jobEventOf(entry);
      if (over.aborted) return;
      if (event && event.seq > lastEvent) await client.event(event);
      reading.read(entry);
    }
    if (entries.length < PAGE) return;
  }
}

/** Which of what was said has its reply, and what the last one was. */
function createReading() {
  const open = new Set<string>();
  const seen = new Set<string>();
  let turn: string[] = [];
  let last: { readonly finish: Finish; readonly text: string } | undefined;
  let origins: readonly Origin[] = [];
  let cursor = 0;
  let working = false;
  const calls = new Map<string, string>();

  const close = (inboxId: string): void => {
    seen.add(inboxId);
    open.delete(inboxId);
  };

  return {
    get cursor() {
      return cursor;
    },
    /** The call whose result is waited for. */
    get openCall() {
      return [...calls.values()].at(-1);
    },
    /** A turn has begun and has no reply yet. */
    get isWorking() {
      return working;
    },
    expect(inboxId: string): void {
      if (!seen.has(inboxId)) open.add(inboxId);
    },
    read(entry: JournalEntry): void {
      cursor = entry.seq;
      if ('origins' in entry) origins = unitedOrigins(origins, entry.origins);
      if (entry.type === 'tool.requested') calls.set(entry.callId, entry.tool);
      if (entry.type === 'tool.completed') calls.delete(entry.callId);
      if (entry.type === 'turn.began') {
        working = true;
        turn = entry.messages.map(({ inboxId }) => inboxId);
      }
      if (entry.type === 'turn.steered') turn.push(...entry.messages.map(({ inboxId }) => inboxId));
      if (entry.type === 'input.refused') {
        close(entry.inboxId);
        last ??= { finish: 'failed', text: entry.reason };
      }
      if (entry.type !== 'turn.replied') return;
      working = false;
      calls.clear();
      turn.forEach(close);
      last = entry;
    },
    end(): WorkEnd | undefined {
      if (!last || open.size > 0) return undefined;
      const { finish, text } = last;
      return { outcome: finish === 'interrupted' ? 'failed' : finish, text, origins: [...origins] };
    },
  };
}

/** How often it is told that a command still runs; and for how long at most, which no tool takes. */
const ALIVE_EVERY_MS = 30_000;
const LONGEST_CALL_MS = 900_000;

/** A command may take its time: as long as it may, the job is not stuck, and that is told. */
function createSignOfLife(client: Pick<OrchestratorClient, 'status'>) {
  let tool: string | undefined;
  let since = 0;
  let told = 0;
  return {
    async tell(running: string | undefined): Promise<void> {
      const now = performance.now();
      if (running !== tool) [tool, since, told] = [running, now, now];
      const isDue = now - told >= ALIVE_EVERY_MS && now - since < LONGEST_CALL_MS;
      if (tool === undefined || !isDue) return;
      told = now;
      await client.status({ message: `${tool} has run for ${Math.round((now - since) / 1000)} s` });
    },
  };
}
