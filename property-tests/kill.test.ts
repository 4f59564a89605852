import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tokenPath } from '../src/cli/token.ts';
import type { JournalEntry } from '../src/core/journal.ts';
import { connect, type GatewayClient } from '../src/gateway/index.ts';
import { type ModelServer, startModelServer } from '../src/llm/testing/openai-server.ts';
import type { Reply } from '../src/llm/testing/script.ts';

/**
 * A conversation partner that is killed again and again. What is sent while it dies, and what it had begun when it
 * died, must come out as if nothing had happened: each message answered once, no effect run twice, no answer of
 * the model asked for again once it was on disk.
 */
const KILLS = 30;
const TASKS = 60;
const CONVERSATIONS = 4;
const SEED = 20261121;

test(`${KILLS} times SIGKILL at random instants: every message is answered once, no effect runs twice`, {
  timeout: 300_000,
}, async () => {
  await using stage = await openStage();
  const { client, kill } = stage;
  const journals = await follow(client);

  const sent = (async () => {
    for (let task = 0; task < TASKS; task++) {
      await client.send(conversationOf(task), `task ${task}`, { messageId: `message-${task}` });
      await wait(random(300));
    }
  })();
  for (let done = 0; done < KILLS; done++) await kill();
  await sent;
  await journals.answered(TASKS);

  const entries = journals.all();
  for (const [conversation, journal] of journals.byConversation) {
    expect(
      journal.map(({ seq }) => seq),
      conversation,
    ).toEqual(journal.map((_, place) => place + 1));
  }
  const effects = await stage.effects();
  for (let task = 0; task < TASKS; task++) {
    const turnIds = entries.flatMap((entry) => (beganWith(entry, task) ? [entry.turnId] : []));
    expect(turnIds, `turns of task ${task}`).toHaveLength(1);
    const turn = entries.filter((entry) => 'turnId' in entry && entry.turnId === turnIds[0]);
    expect(
      turn.filter(({ type }) => type === 'turn.replied'),
      `replies to task ${task}`,
    ).toHaveLength(1);

    const runs = effects.filter((effect) => effect.task === String(task));
    expect(runs.length, `runs of task ${task}`).toBeLessThanOrEqual(1);
    const succeeded = turn.find((entry) => entry.type === 'tool.completed' && entry.outcome === 'succeeded');
    if (succeeded) expect(runs, `a recorded run of task ${task}`).toHaveLength(1);

    turn
      .filter((entry) => entry.type === 'model.completed')
      .forEach((answer, step) => {
        const late = stage.modelCalls.filter(
          (call) => call.task === String(task) && call.step === step && call.at > Date.parse(answer.at),
        );
        expect(late, `calls for step ${step} of task ${task} after its answer was recorded`).toEqual([]);
      });
  }
});

const conversationOf = (task: number): string => `talk-${task % CONVERSATIONS}`;

function beganWith(
  entry: JournalEntry,
  task: number,
): entry is Extract<JournalEntry, { type: 'turn.began' }> {
  return entry.type === 'turn.began' && entry.messages.some(({ text }) => text === `task ${task}`);
}

/** Reads every conversation as a client does, and refuses what the assistant asks after a kill. */
async function follow(client: GatewayClient) {
  const byConversation = new Map<string, JournalEntry[]>();
  let replies = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  for (let place = 0; place < CONVERSATIONS; place++) {
    const conversation = conversationOf(place);
    const journal: JournalEntry[] = [];
    byConversation.set(conversation, journal);
    await client.subscribe(conversation, 0, (event) => {
      if (event.type !== 'entry') return;
      journal.push(event.entry);
      if (event.entry.type === 'approval.requested') {
        void client.approve(conversation, event.entry.approvalId, 'deny', 'once is enough');
      }
      if (event.entry.type === 'turn.replied' && ++replies === TASKS) resolve();
    });
  }
  return {
    byConversation,
    all: () => [...byConversation.values()].flat(),
    answered: (_count: number) => promise,
  };
}

interface ModelCall {
  readonly task: string;
  /** 0: the call that asks for the tool; 1: the one that is told its result. */
  readonly step: number;
  readonly at: number;
}

async function openStage() {
  await using cleanup = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'ironbark-kill-'));
  cleanup.defer(() => rm(home, { recursive: true, force: true }));
  const effectsFile = join(home, 'effects.jsonl');
  await writeFile(effectsFile, '');
  const modelCalls: ModelCall[] = [];
  const model = await slowModel(modelCalls);
  cleanup.defer(() => model.close());

  const port = await freePort();
  const argv = [join(import.meta.dirname, 'kill/assistant.ts'), home, String(port), model.url, effectsFile];
  let running = await spawnReady(argv);
  cleanup.defer(() => killNow(running));
  const token = (await readFile(tokenPath(home), 'utf8')).trim();
  const client = await connect({ url: `http://127.0.0.1:${port}`, token });
  cleanup.defer(() => client.close());

  const owned = cleanup.move();
  return {
    client,
    modelCalls,
    async effects(): Promise<readonly { task: string; effectId: string }[]> {
      const lines = (await readFile(effectsFile, 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line));
    },
    /** Kills at a random instant of its life, now and then while it still starts, and brings it back. */
    async kill(): Promise<void> {
      if (random(4) === 0) {
        await killNow(running);
        const starting = spawn(process.execPath, argv, { stdio: 'ignore' });
        await wait(random(700));
        await killNow(starting);
      } else {
        await wait(random(500));
        await killNow(running);
      }
      running = await spawnReady(argv);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Asks for one run of the tool per task, then says what came of it; takes up to 40 ms for each. */
function slowModel(calls: ModelCall[]): Promise<ModelServer> {
  return startModelServer({
    record: false,
    fallback({ body }): Reply {
      const messages = messagesOf(body);
      const last = messages.findLast(({ role }) => role === 'user');
      const task = /task (\d+)/.exec(String(last?.content))?.[1] ?? '?';
      const told = messages.at(-1)?.role === 'tool';
      calls.push({ task, step: told ? 1 : 0, at: Date.now() });
      const delayMs = random(40);
      if (told) return { type: 'answer', text: `task ${task} is done`, delayMs };
      return {
        type: 'answer',
        toolCalls: [{ id: `call-${task}`, name: 'count', arguments: { task } }],
        delayMs,
      };
    },
  });
}

function messagesOf(body: Readonly<Record<string, unknown>>): readonly { role: string; content: unknown }[] {
  return Array.isArray(body.messages) ? body.messages : [];
}

async function spawnReady(argv: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`it exited with ${code} instead of starting`)),
    ),
  ]);
  return child;
}

async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Whole numbers below `limit` in a sequence that is the same for the same seed (mulberry32). */
let state = SEED;
function random(limit: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
}
