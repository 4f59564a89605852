import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createContainers } from '../src/containers/index.ts';
import { startDockerDaemon, WITHOUT_DOCKER } from '../src/containers/testing/docker-daemon.ts';
import { startModelServer } from '../src/llm/testing/openai-server.ts';
import type { Reply } from '../src/llm/testing/script.ts';

const STEPS = 8;
const KILLS = 3;

const ended = z.object({
  job: z.object({
    state: z.string(),
    result: z.string(),
    tokensUsed: z.number(),
    transitions: z.array(z.object({ to: z.string() })),
  }),
  events: z.array(z.object({ seq: z.number(), type: z.string() })),
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('a job in a container', () => {
  test(`goes on in it through ${KILLS} times SIGKILL of the assistant, and ends once`, {
    timeout: 400_000,
  }, async () => {
    await using cleanup = new AsyncDisposableStack();
    const daemon = cleanup.use(await startDockerDaemon());
    const home = await mkdtemp(join(tmpdir(), 'ib-kill-'));
    cleanup.defer(() => rm(home, { recursive: true, force: true }));
    const model = await countingModel();
    cleanup.defer(() => model.close());
    const argv = [join(import.meta.dirname, 'kill/container-job.ts'), home, model.url, daemon.socketPath];
    const start = (): ChildProcess => spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const log = join(home, 'files', 'counted', 'log.txt');
    const lines = async (): Promise<number> =>
      existsSync(log) ? (await readFile(log, 'utf8')).split('\n').length - 1 : 0;
    const containers = createContainers({ home, socketPath: daemon.socketPath });

    const seen = new Set<string>();
    for (let kills = 1; kills <= KILLS; kills++) {
      const child = start();
      cleanup.defer(() => killNow(child));
      // In the midst of the work: some of it is done, some is not.
      while ((await lines()) < kills * 2) await wait(20);
      await killNow(child);
      for (const { id } of await containers.mine()) seen.add(id);
    }
    const last = start();
    cleanup.defer(() => killNow(last));
    let told = '';
    for await (const line of createInterface({ input: last.stdout ?? process.stdin })) told = line;
    const { job, events } = ended.parse(JSON.parse(told));

    expect(job).toMatchObject({ result: 'counted' });
    // Whether the user has been told by now is another matter.
    expect(job.transitions.map(({ to }) => to).slice(0, 3)).toEqual(['pending', 'inProgress', 'completed']);
    expect(await readFile(log, 'utf8')).toBe(Array.from({ length: STEPS }, (_, n) => `${n}\n`).join(''));
    expect(events.filter(({ type }) => type === 'tool_use')).toHaveLength(STEPS);
    expect(events.filter(({ type }) => type === 'tool_result')).toHaveLength(STEPS);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(seen.size).toBe(1);
    expect(await containers.mine()).toEqual([]);
  });
});

/** One line more each time, which takes it a while. */
function countingModel() {
  return startModelServer({
    record: false,
    fallback({ body }): Reply {
      const messages: readonly { readonly role?: unknown }[] = Array.isArray(body.messages)
        ? body.messages
        : [];
      const done = messages.filter(({ role }) => role === 'tool').length;
      if (done >= STEPS) return { type: 'answer', text: 'counted', delayMs: 300 };
      const call = { id: `call-${done}`, name: 'shell', arguments: { command: `echo ${done} >> log.txt` } };
      return { type: 'answer', toolCalls: [call], delayMs: 300 };
    },
  });
}

async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
