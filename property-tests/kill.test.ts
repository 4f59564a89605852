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
const CONVERSATIONS = 4;
const SEED = 20261121;

test(`${KILLS} times SIGKILL at random instants: every message is answered once, no effect runs twice`, {
  timeout: 300_000,
}, async () => {
  await using stage = await openStage();
  const talks = Array.from({ length: CONVERSATIONS }, (_, place) => new Talk(stage.client, place));
  for (const talk of talks) await talk.follow();

  let killing = true;
  const talking = talks.map((talk) => talk.goOn(() => killing));
  for (let done = 0; done < KILLS; done++) await stage.kill();
  killing = false;
  await Promise.all(talking);

  const effects = await stage.effects();
  for (const { journal, tasks } of talks) {
    expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, place) => place + 1));
    for (const task of tasks) checkTask(task, journal, effects, stage.modelCalls);
  }
  // Kills that hit a running tool show as questions; without any, nothing was put to the test.
  const questions = talks.flatMap(({ journal }) =>
    journal.filter(({ type }) => type === 'approval.requested'),
  );
  expect(questions.length).toBeGreaterThan(0);
});

function checkTask(
  task: string,
  journal: readonly JournalEntry[],
  effects: readonly Effect[],
  modelCalls: readonly ModelCall[],
): void {
  const turnIds = journal.flatMap((entry) => (beganWith(entry, task) ? [entry.turnId] : []));
  expect(turnIds, `turns of ${task}`).toHaveLength(1);
  const turn = journal.filter((entry) => 'turnId' in entry && entry.turnId === turnIds[0]);
  expect(
    turn.filter(({ type }) => type === 'turn.replied'),
    `replies to ${task}`,
  ).toHaveLength(1);

  const runs = effects.filter((effect) => effect.task === task);
  expect(runs.length, `runs of ${task}`).toBeLessThanOrEqual(1);
  const succeeded = turn.some((entry) => entry.type === 'tool.completed' && entry.outcome === 'succeeded');
  if (succeeded) expect(runs, `a recorded run of ${task}`).toHaveLength(1);

  turn
    .filter((entry) => entry.type === 'model.completed')
    .forEach((answer, step) => {
      const late = modelCalls.filter(
        (call) => call.task === task && call.step === step && call.at > Date.parse(answer.at),
      );
      expect(late, `calls for step ${step} of ${task} after its answer was recorded`).toEqual([]);
    });
}

function beganWith(
  entry: JournalEntry,
  task: string,
): entry is Extract<JournalEntry, { type: 'turn.began' }> {
  return entry.type === 'turn.began' && entry.messages.some(({ text }) => text === task);
}

/** One user, who always has something to ask for, and refuses what the assistant asks after a kill. */
class Talk {
  readonly journal: JournalEntry[] = [];
  readonly tasks: string[] = [];
  readonly #client: GatewayClient;
  readonly #name: string;
  #onReply = (): void => {};

  constructor(client: GatewayClient, place: number) {
    this.#client = client;
    this.#name = `talk-${place}`;
  }

  async follow(): Promise<void> {
    await this.#client.subscribe(this.#name, 0, (event) => {
      if (event.type !== 'entry') return;
      this.journal.push(event.entry);
      if (event.entry.type === 'turn.replied') this.#onReply();
      if (event.entry.type === 'approval.requested') {
        void this.#client.approve(this.#name, event.entry.approvalId, 'deny', 'once is enough');
      }
    });
  }

  async goOn(more: () => boolean): Promise<void> {
    while (more()) {
      const task = `task ${this.#name}.${this.tasks.length}`;
      this.tasks.push(task);
      const replied = new Promise<void>((resolve) => {
        this.#onReply = resolve;
      });
      await this.#client.send(this.#name, task, { messageId: task });
      await replied;
    }
  }
}

interface Effect {
  readonly task: string;
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
  // An impatient client, so that there is work at once in each of the short lives.
  const client = await connect({
    url: `http://127.0.0.1:${port}`,
    token,
    backOff: (_, signal) => wait(20, undefined, { signal }),
  });
  cleanup.defer(() => client.close());

  const owned = cleanup.move();
  return {
    client,
    modelCalls,
    async effects(): Promise<readonly Effect[]> {
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
      const task = String(last?.content);
      const told = messages.at(-1)?.role === 'tool';
      calls.push({ task, step: told ? 1 : 0, at: Date.now() });
      const delayMs = random(40);
      if (told) return { type: 'answer', text: `${task} is done`, delayMs };
      return {
        type: 'answer',
        toolCalls: [{ id: `call of ${task}`, name: 'count', arguments: { task } }],
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
