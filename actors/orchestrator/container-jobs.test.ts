import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DockerDaemon,
  startDockerDaemon,
  WITHOUT_DOCKER,
} from '../../src/containers/testing/docker-daemon.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { JobUsage } from '../../src/core/work.ts';
import { jobMoved, readJobEvents } from '../../src/work/index.ts';
import type { Answer, Script } from '../testing/bench.ts';
import { until } from '../testing/bench.ts';
import { EGRESS_SOCKET_NAME, foldersOf, SOCKET_NAME } from './container-plan.ts';
import { readContainer } from './container-rows.ts';
import { reap } from './reaper.ts';
import { type ContainerBench, openContainerBench } from './testing/container-bench.ts';

if (WITHOUT_DOCKER) console.warn(WITHOUT_DOCKER);

const call = (tool: string, args: JsonObject, callId: string): Answer => ({
  calls: [{ callId, tool, arguments: args }],
});
const shell = (command: string, callId: string): Answer => call('shell', { command }, callId);

type Request = Parameters<Script>[0];

/** How many calls have their results: the same question is the same step, however often it is asked. */
const stepOf = ({ messages }: Request): number => messages.filter(({ role }) => role === 'tool').length;
const saidIn = ({ messages }: Request): string =>
  messages.map((message) => (message.role === 'tool' ? message.content : message.text)).join('\n');

/** What is done step by step; then it says that it is done. */
const steps =
  (...answers: readonly (Answer | ((request: Request) => Answer | Promise<Answer>))[]): Script =>
  (request) => {
    const answer = answers[stepOf(request)] ?? 'It is done.';
    return typeof answer === 'function' ? answer(request) : answer;
  };

const append = (line: string, callId: string): Answer => shell(`echo ${line} >> log.txt`, callId);

describe.skipIf(WITHOUT_DOCKER !== undefined)('jobs in containers', { timeout: 180_000 }, () => {
  let daemon: DockerDaemon;
  beforeAll(async () => {
    daemon = await startDockerDaemon();
  }, 120_000);
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
  }, 60_000);

  const events = (bench: ContainerBench, jobId: string) =>
    readJobEvents(bench.bench.database, jobId, { limit: 1000 });
  const log = (folder: string): string => readFileSync(join(folder, 'log.txt'), 'utf8');
  const runs = async (bench: ContainerBench, jobId: string): Promise<void> => {
    while (!(await readContainer(bench.bench.database, jobId))?.containerId)
      await new Promise((resolve) => setImmediate(resolve));
  };
  const heard = async (bench: ContainerBench, jobId: string, type: string): Promise<void> => {
    while (!(await events(bench, jobId)).some((event) => event.type === type))
      await new Promise((resolve) => setTimeout(resolve, 20));
  };

  test('our own loop works inside, with the model asked outside; nothing is left', async () => {
    const script = steps(
      call('write_file', { path: 'out.txt', content: 'made inside\n' }, 'c1'),
      shell('cat out.txt && id -u && env', 'c2'),
    );
    await using bench = await openContainerBench(daemon, { script });
    const job = await bench.add({ id: 'plain' });
    const end = await bench.run(job).end;

    expect(end).toMatchObject({ outcome: 'answered', text: 'It is done.', tokens: 6 });
    expect(readFileSync(join(job.folder, 'out.txt'), 'utf8')).toBe('made inside\n');
    const told = (await events(bench, 'plain')).filter(({ type }) => type !== 'status');
    expect(told.map(({ type }) => type)).toEqual([
      'message',
      'tool_use',
      'tool_result',
      'tool_use',
      'tool_result',
      'result',
    ]);
    expect(JSON.stringify(told[4]?.data)).toContain('made inside\\n10001\\n');
    expect(JSON.stringify(told[4]?.data)).not.toContain('IRONBARK');

    expect(await bench.containers.mine()).toEqual([]);
    const { socketFolder, stateFolder } = foldersOf(bench.folder, 'plain');
    expect([existsSync(socketFolder), existsSync(stateFolder)]).toEqual([false, false]);
    expect(await readContainer(bench.bench.database, 'plain')).toMatchObject({ tokenHash: null });
  });

  test('what it takes is told live and not kept, and what the kernel refuses it is on record', async () => {
    const script = steps(
      shell('cp /bin/true /usr/bin/ls; python3 -c "x = bytearray(1 << 30)"; sleep 5', 'c1'),
      call('write_file', { path: 'note.txt', content: 'Operation not permitted' }, 'c2'),
      call('read_file', { path: 'note.txt' }, 'c3'),
    );
    await using bench = await openContainerBench(daemon, { script, settings: { memoryMb: 512 } });
    const live: JobUsage[] = [];
    bench.env.feed.watchWork((event) => {
      if (event.type === 'job-usage' && event.jobId === 'watched') live.push(event.usage);
    });
    expect(await bench.run(await bench.add({ id: 'watched' })).end).toMatchObject({ text: 'It is done.' });

    expect(live.length).toBeGreaterThan(1);
    expect(live.at(-1)).toMatchObject({ memoryLimitBytes: 512 << 20, processLimit: 256 });
    expect(live.at(-1)?.memoryBytes).toBeGreaterThan(50 << 20);
    expect(live.at(-1)?.processes).toBeGreaterThan(2);
    const told = (await events(bench, 'watched')).filter(({ data }) => data.status === 'used');
    expect(told).toMatchObject([{ data: { memory_mb: expect.any(Number), processes: expect.any(Number) } }]);

    const lines = await bench.env.audit.latest({ limit: 50, tool: 'job' });
    const refused = lines.filter(({ kind }) => kind === 'container.refused');
    expect(refused).toHaveLength(2);
    for (const line of refused)
      expect(line).toMatchObject({ effectId: 'job/watched', conversationId: 'job-watched' });
    expect(refused).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          rule: 'memory-limit',
          detail: expect.objectContaining({ evidence: 'daemon', mode: 'worker' }),
        }),
        expect.objectContaining({
          rule: 'read-only',
          detail: expect.objectContaining({
            evidence: 'output',
            said: expect.stringContaining('/usr/bin/ls'),
          }),
        }),
      ]),
    );
  });

  test('a container that runs goes on when our process died, and each thing happens once', async () => {
    const asked = Promise.withResolvers<void>();
    const script = steps(append('one', 'c1'), (request) => {
      asked.resolve();
      // The first asker dies before it is answered.
      return restarted ? append('two', 'c2') : hangs(request);
    });
    let restarted = false;
    const hangs = ({ signal }: Request): Promise<Answer> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await using bench = await openContainerBench(daemon, { script });
    const job = await bench.add({ id: 'survivor' });
    bench.run(job);
    await asked.promise;
    const before = await bench.containers.mine();

    restarted = true;
    await bench.restart();
    expect(await bench.containers.mine()).toEqual(before);
    const end = await bench.run(job).end;

    expect(end).toMatchObject({ outcome: 'answered', text: 'It is done.' });
    expect(log(job.folder)).toBe('one\ntwo\n');
    expect(await readContainer(bench.bench.database, 'survivor')).toMatchObject({ attempt: 1 });
    const told = (await events(bench, 'survivor')).filter(({ type }) => type !== 'status');
    expect(told.map(({ type }) => type)).toEqual([
      'message',
      'tool_use',
      'tool_result',
      'tool_use',
      'tool_result',
      'result',
    ]);
    // Asked again, it is not done again.
    expect(await bench.run(job).end).toEqual(end);
  });

  test('a job goes on from its journal when daemon and container died', async () => {
    const asked = Promise.withResolvers<void>();
    const back = Promise.withResolvers<void>();
    const script = steps(append('one', 'c1'), async () => {
      asked.resolve();
      await back.promise;
      return append('two', 'c2');
    });
    await using own = await startDockerDaemon();
    await using bench = await openContainerBench(own, { script });
    const job = await bench.add({ id: 'phoenix' });
    const { end } = bench.run(job);
    await asked.promise;
    await own.kill();
    await own.restart();
    back.resolve();

    expect(await end).toMatchObject({ outcome: 'answered', text: 'It is done.' });
    expect(log(job.folder)).toBe('one\ntwo\n');
    expect(await readContainer(bench.bench.database, 'phoenix')).toMatchObject({ attempt: 2 });
    expect((await events(bench, 'phoenix')).filter(({ type }) => type === 'tool_use')).toHaveLength(2);
  });

  test('one that was stuck goes on from its journal in another container', async () => {
    const asked = Promise.withResolvers<void>();
    let isStuck = true;
    const script = steps(append('one', 'c1'), ({ signal }) => {
      if (!isStuck) return append('two', 'c2');
      asked.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await using bench = await openContainerBench(daemon, { script });
    const job = await bench.add({ id: 'stuck' });
    const { stop } = bench.run(job);
    await asked.promise;
    isStuck = false;
    stop.abort('stuck');
    const end = await bench.run(job, 'effect-2').end;
    expect(end).toMatchObject({ outcome: 'answered', text: 'It is done.' });
    expect(log(job.folder)).toBe('one\ntwo\n');
    expect(await readContainer(bench.bench.database, 'stuck')).toMatchObject({ attempt: 2, tries: 1 });
    expect((await events(bench, 'stuck')).filter(({ type }) => type === 'tool_use')).toHaveLength(2);
  });

  test('is cancelled in the midst of a command, and its container is gone', async () => {
    await using bench = await openContainerBench(daemon, { script: steps(shell('sleep 500', 'c1')) });
    const job = await bench.add({ id: 'unwanted' });
    const { stop, end } = bench.run(job);
    await heard(bench, 'unwanted', 'tool_use');
    stop.abort('cancelled');
    await expect(end).rejects.toThrow();
    await until(() => !bench.jobs.isServed('unwanted'));
    expect(await bench.containers.mine()).toEqual([]);
    expect(await bench.run(job).end).toMatchObject({ outcome: 'cancelled' });
  });

  test('is stopped when its time is over', async () => {
    await using bench = await openContainerBench(daemon, { script: steps(shell('sleep 500', 'c1')) });
    const limits = { iterations: 5, tokens: null, budgetMicroUsd: null, minutes: 0.1 };
    const end = await bench.run(await bench.add({ id: 'slow', limits })).end;
    expect(end).toMatchObject({ outcome: 'failed', text: expect.stringContaining('time was over') });
    expect(await bench.containers.mine()).toEqual([]);
  });

  test('one that ignores the request to stop is killed', async () => {
    const deaf = ['bash', '-c', "trap '' TERM; touch ready; while true; do sleep 1; done"];
    const mode = { mode: 'worker', command: () => deaf } as const;
    await using bench = await openContainerBench(daemon, { script: steps(), mode });
    const job = await bench.add({ id: 'deaf' });
    const { stop, end } = bench.run(job);
    const isUp = async (): Promise<boolean> =>
      existsSync(join(job.folder, 'ready')) &&
      // Until then it counts as being started, and is not asked but removed.
      Boolean((await readContainer(bench.bench.database, 'deaf'))?.containerId);
    while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, 20));
    const asked = performance.now();
    stop.abort('cancelled');
    await expect(end).rejects.toThrow();
    await until(() => !bench.jobs.isServed('deaf'));
    expect(performance.now() - asked).toBeGreaterThan(1_500);
    expect(await bench.containers.mine()).toEqual([]);
  });

  test('one that ends without a word is begun anew three times, then it has failed with its last words', async () => {
    const command = () => ['bash', '-c', 'echo "no idea what to do" >&2; exit 3'];
    const mode = { mode: 'worker', command } as const;
    await using bench = await openContainerBench(daemon, { script: steps(), mode });
    const end = await bench.run(await bench.add({ id: 'dies' })).end;
    expect(end).toMatchObject({ outcome: 'failed' });
    expect(end.text).toMatch(/ended again and again.*ended with 3.*no idea what to do/s);
    expect(await readContainer(bench.bench.database, 'dies')).toMatchObject({ tries: 4 });
    const logged = (await events(bench, 'dies')).filter(({ data }) => data.status === 'log');
    expect(logged.map(({ data }) => data.text)).toEqual(Array(4).fill('no idea what to do'));
  });

  test('one that takes more memory than it may has failed for that', async () => {
    const command = () => ['python3', '-c', 'b = bytearray(400_000_000)'];
    const mode = { mode: 'worker', command } as const;
    await using bench = await openContainerBench(daemon, {
      script: steps(),
      mode,
      settings: { memoryMb: 64 },
    });
    const end = await bench.run(await bench.add({ id: 'hog' })).end;
    expect(end).toMatchObject({ outcome: 'failed', text: expect.stringContaining('sandbox.memory_mb') });
  });

  test('one that fills the disk has failed for that', async () => {
    const command = () => [
      'bash',
      '-c',
      'for i in $(seq 100); do head -c 5000000 /dev/zero > f$i; done; sleep 100',
    ];
    const mode = { mode: 'worker', command } as const;
    await using bench = await openContainerBench(daemon, {
      script: steps(),
      mode,
      settings: { workspaceMb: 20 },
    });
    const end = await bench.run(await bench.add({ id: 'hoarder' })).end;
    expect(end).toMatchObject({
      outcome: 'failed',
      text: expect.stringContaining('sandbox.workspace_growth_mb'),
    });
  });

  test('says what helps where image or daemon are missing', async () => {
    await using imageless = await openContainerBench(daemon, { script: steps(), image: 'no-such-image:1' });
    const end = await imageless.run(await imageless.add({ id: 'imageless' })).end;
    expect(end).toMatchObject({ outcome: 'failed', text: expect.stringContaining('ironbark sandbox build') });

    const nowhere = { socketPath: join(imageless.folder, 'no.sock'), image: 'any' };
    await using bench = await openContainerBench(nowhere, { script: steps() });
    const job = await bench.add({ id: 'daemonless' });
    const order = { ...job, awaited: true } as const;
    expect(await bench.runner.refusal?.(order)).toContain('What helps:');
    expect(await bench.run(job).end).toMatchObject({ outcome: 'failed' });
  });

  test('what is said to it is seen before its next step, once', async () => {
    const asked = Promise.withResolvers<void>();
    const said = Promise.withResolvers<void>();
    const script = steps(
      async () => {
        asked.resolve();
        await said.promise;
        return append('one', 'c1');
      },
      (request) =>
        saidIn(request).includes('and write three') ? append('three', 'c2') : append('wrong', 'c2'),
    );
    await using bench = await openContainerBench(daemon, { script });
    const job = await bench.add({ id: 'prompted' });
    const { end } = bench.run(job);
    await asked.promise;
    const prompt = { content: 'and write three', done: false, origin: undefined, externalId: 'p1' };
    await bench.runner.prompt?.(job, prompt);
    await bench.runner.prompt?.(job, prompt);
    // It looks every two seconds.
    setTimeout(said.resolve, 4_000);
    expect(await end).toMatchObject({ outcome: 'answered' });
    expect(log(job.folder)).toBe('one\nthree\n');
    const told = (await events(bench, 'prompted')).filter(({ data }) => data.role === 'user');
    expect(told).toHaveLength(2);
  });

  test('a token speaks for its own job only, and not for one that is over', async () => {
    const asked = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const script = steps(async () => {
      asked.resolve();
      await over.promise;
      return 'It is done.';
    });
    await using bench = await openContainerBench(daemon, { script });
    const first = bench.run(await bench.add({ id: 'first' }));
    await asked.promise;
    const [container] = await bench.containers.mine();
    const running = await bench.containers.adopt(container?.id ?? '');
    const printed = await running?.exec({
      command: ['bash', '-c', "tr '\\0' '\\n' < /proc/1/environ | grep TOKEN | cut -d= -f2"],
      timeoutMs: 5_000,
      signal: new AbortController().signal,
    });
    const token = printed?.stdout.trim() ?? '';
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const sleeper = { mode: 'worker', command: () => ['sleep', '100'] } as const;
    const second = bench.jobs
      .runner(sleeper)
      .run(await bench.add({ id: 'second' }), 'e', new AbortController().signal);
    second.catch(() => undefined);
    await runs(bench, 'second');

    const ask = (socketOf: string, jobId: string, bearer: string, path = 'job') =>
      statusOf(join(foldersOf(bench.folder, socketOf).socketFolder, SOCKET_NAME), jobId, bearer, path);
    expect(await ask('first', 'first', token)).toBe(200);
    expect(await ask('first', 'second', token)).toBe(401);
    expect(await ask('second', 'second', token)).toBe(401);
    expect(await ask('second', 'first', token)).toBe(401);
    expect(await ask('first', 'first', '0'.repeat(64))).toBe(401);
    expect(await ask('first', 'unknown', token)).toBe(401);
    expect(existsSync(join(foldersOf(bench.folder, 'first').socketFolder, EGRESS_SOCKET_NAME))).toBe(true);

    over.resolve();
    await first.end;
    expect(await ask('second', 'first', token)).toBe(401);
    const lines = await bench.env.audit.latest({ limit: 50 });
    expect(lines.filter(({ kind }) => kind === 'container.refused')).toHaveLength(6);
  });

  test('gives the secrets that the order grants, and notes it; none of them is kept in what is told', async () => {
    const script = steps(
      shell('echo "the key is $MY_KEY, the other is" $OTHER $other >> log.txt; cat log.txt', 'c1'),
    );
    await using bench = await openContainerBench(daemon, { script });
    await bench.env.vault.set({ name: 'api_key', value: 'very-secret-value-0815' });
    await bench.env.vault.set({ name: 'other', value: 'not-for-this-job-4711' });
    const job = await bench.add({ id: 'keyed', credentials: { api_key: 'MY_KEY', absent: 'NO_KEY' } });
    await bench.run(job).end;
    const lines = await bench.env.audit.latest({ limit: 50 });
    const kinds = lines.filter(({ actor }) => actor === 'job/keyed').map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['credential.given', 'credential.missing']);
    expect(log(job.folder)).toBe('the key is very-secret-value-0815, the other is\n');
  });

  test('what a crash left behind is removed, what works is left alone', async () => {
    const asked = Promise.withResolvers<void>();
    const script = steps(({ signal }) => {
      asked.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await using bench = await openContainerBench(daemon, { script });
    bench.run(await bench.add({ id: 'left' }));
    await asked.promise;
    await bench.restart();
    expect(await reap(bench.reaperInput)).toBe(0);
    await bench.bench.database.commit([
      jobMoved('left', { to: 'failed', attempts: 0, orderId: null, at: new Date().toISOString() }),
    ]);
    expect(await reap(bench.reaperInput)).toBe(1);
    expect(await bench.containers.mine()).toEqual([]);
  });
});

function statusOf(socketPath: string, jobId: string, token: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath,
        path: `/worker/${jobId}/${path}`,
        headers: { authorization: `Bearer ${token}` },
        agent: false,
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject);
    sent.end();
  });
}
