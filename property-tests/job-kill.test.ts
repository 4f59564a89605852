import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ModelServer, startModelServer } from '../src/llm/testing/openai-server.ts';
import type { Reply } from '../src/llm/testing/script.ts';

/**
 * A queue of jobs whose process is killed again and again: each job must be done once, no more of them at once than
 * there are slots, and no tool run twice.
 */
const JOBS = 60;
const KILLS = 8;
const SLOTS = 5;
const SEED = 20261122;

test(`${JOBS} jobs on ${SLOTS} slots through ${KILLS} times SIGKILL: none is lost, none is done twice`, {
  timeout: 300_000,
}, async () => {
  await using stage = await openStage();
  for (let kills = 0; kills < KILLS; kills++) await stage.kill();
  const { most, jobs } = await stage.finish();

  expect(most).toBeLessThanOrEqual(SLOTS);
  expect(jobs.map(({ title }) => title).toSorted()).toEqual(
    Array.from({ length: JOBS }, (_, n) => `task ${n}`).toSorted(),
  );
  const effects = await stage.effects();
  let doubted = 0;
  for (const { title, state, transitions, outcomes } of jobs) {
    expect({ title, state }).toEqual({ title, state: 'completed' });
    expect(transitions.map(({ to }) => to)).toEqual(['pending', 'inProgress', 'completed']);
    const [outcome = 'nothing', ...others] = outcomes;
    const runs = effects.filter(({ task }) => task === title).length;
    const said = `runs of ${title}, of which its journal says: ${outcome}`;
    expect(others).toEqual([]);
    if (outcome === 'succeeded') expect(runs, said).toBe(1);
    else {
      // It was killed while the run began or went on: nobody can know whether it did, and nobody is there to be asked.
      expect(outcome).toContain('may or may not have taken effect');
      expect(runs, said).toBeLessThanOrEqual(1);
      doubted++;
    }
  }
  expect(doubted).toBeLessThanOrEqual(KILLS * SLOTS);
});

const endedJobs = z.object({
  most: z.number(),
  jobs: z.array(
    z.object({
      title: z.string(),
      state: z.string(),
      transitions: z.array(z.object({ to: z.string() })),
      outcomes: z.array(z.string()),
    }),
  ),
});

async function openStage() {
  await using cleanup = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'ironbark-job-kill-'));
  cleanup.defer(() => rm(home, { recursive: true, force: true }));
  const effectsFile = join(home, 'effects.jsonl');
  await writeFile(effectsFile, '');
  const model = await countingModel();
  cleanup.defer(() => model.close());
  const argv = [
    join(import.meta.dirname, 'kill/jobs.ts'),
    join(home, 'home'),
    model.url,
    effectsFile,
    String(JOBS),
  ];
  let running: ChildProcess | undefined;
  cleanup.defer(async () => {
    if (running) await killNow(running);
  });
  const owned = cleanup.move();
  return {
    async effects(): Promise<readonly { readonly task: string }[]> {
      const lines = (await readFile(effectsFile, 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line));
    },
    /** Kills at a random instant, now and then while it still starts or orders. */
    async kill(): Promise<void> {
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      running = child;
      const lines = createInterface({ input: child.stdout });
      if (random(4) > 0) await Promise.race([once(lines, 'line'), once(child, 'exit')]);
      await wait(random(600));
      await killNow(child);
    },
    async finish() {
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      running = child;
      let last = '';
      for await (const line of createInterface({ input: child.stdout })) last = line;
      return endedJobs.parse(JSON.parse(last));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Asks for one run of the tool per task, then says what came of it; takes up to 30 ms for each. */
function countingModel(): Promise<ModelServer> {
  return startModelServer({
    record: false,
    fallback({ body }): Reply {
      const messages = messagesOf(body);
      const task =
        /task \d+/.exec(String(messages.findLast(({ role }) => role === 'user')?.content))?.[0] ?? '';
      const delayMs = random(30);
      if (messages.at(-1)?.role === 'tool') return { type: 'answer', text: `${task} is done`, delayMs };
      const toolCalls = [{ id: `call of ${task}`, name: 'count', arguments: { task } }];
      return { type: 'answer', toolCalls, delayMs };
    },
  });
}

function messagesOf(body: Readonly<Record<string, unknown>>): readonly { role: string; content: unknown }[] {
  return Array.isArray(body.messages) ? body.messages : [];
}

async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Whole numbers below `limit` in a sequence that is the same for the same seed (mulberry32). */
let state = SEED;
function random(limit: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
}
