import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Container } from '../../src/containers/index.ts';
import {
  type DockerDaemon,
  startDockerDaemon,
  WITHOUT_DOCKER,
} from '../../src/containers/testing/docker-daemon.ts';
import type { ContainerMode } from './container-plan.ts';
import { readContainer } from './container-rows.ts';
import { type ContainerBench, openContainerBench } from './testing/container-bench.ts';

/** What the container of a job tries on the assistant, from inside a real one, with all doors as they really are. */

if (WITHOUT_DOCKER) console.warn(WITHOUT_DOCKER);

const IDLE: ContainerMode = { mode: 'worker', command: () => ['sleep', '600'] };

describe.skipIf(WITHOUT_DOCKER !== undefined)('the container of a job', { timeout: 60_000 }, () => {
  let daemon: DockerDaemon;
  let bench: ContainerBench;
  let inside: Container;
  beforeAll(async () => {
    daemon = await startDockerDaemon();
    bench = await openContainerBench(daemon, { script: () => 'nobody asks', mode: IDLE });
    await open('other');
    inside = await open('mine');
  }, 120_000);
  afterAll(async () => {
    await bench?.[Symbol.asyncDispose]();
    await daemon?.[Symbol.asyncDispose]();
  }, 60_000);

  async function open(id: string): Promise<Container> {
    bench.run(await bench.add({ id }), `effect-${id}`);
    for (;;) {
      const row = await readContainer(bench.bench.database, id);
      const container = row?.containerId ? await bench.containers.adopt(row.containerId) : undefined;
      if (container) return container;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Its own environment is that of its first process, which has the token. */
  async function sh(line: string): Promise<string> {
    const command = ['bash', '-c', `export $(tr '\\0' '\\n' < /proc/1/environ | grep TOKEN); ${line}`];
    const result = await inside.exec({ command, timeoutMs: 20_000, signal: new AbortController().signal });
    return result.stdout + result.stderr;
  }

  const ask = (path: string, token = '$IRONBARK_ORCHESTRATOR_TOKEN', more = ''): string =>
    `curl -sS -i --path-as-is --unix-socket /run/ironbark/orchestrator.sock ${more} -H "Authorization: Bearer ${token}" http://x${path}`;

  const refusals = async () =>
    (await bench.bench.env.audit.latest({ limit: 100 })).filter(({ kind }) => kind === 'container.refused');

  test('is heard with its own token', async () => {
    expect(await sh(ask('/worker/mine/job'))).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each([
    ['with its token for another job', ask('/worker/other/job')],
    ['with its token for the secrets of another', ask('/worker/other/credentials')],
    ['to end another job', ask('/worker/other/complete', undefined, `-d '{"outcome":"failed","text":"x"}'`)],
    ['by a path that climbs', ask('/worker/mine/../other/job')],
    ['with a token that it made up', ask('/worker/mine/job', 'ab'.repeat(32))],
    ['without one', ask('/worker/mine/job', '')],
  ])('is not heard %s, and that is on record', async (_, line) => {
    const before = (await refusals()).length;
    expect(await sh(line)).toMatch(/^HTTP\/1\.1 (401|403|404) /);
    expect((await refusals()).length).toBe(before + 1);
  });

  test('is given no secret that its order does not grant', async () => {
    const answer = await sh(ask('/worker/mine/credentials'));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/\{"credentials":\[\]\}$/);
  });

  test('finds no socket but its own', async () => {
    expect((await sh('ls /run/ironbark; find / -xdev -type s 2>/dev/null')).trim().split('\n')).toEqual([
      'egress.sock',
      'orchestrator.sock',
    ]);
  });

  test('reaches nobody through its door who is not allowed, and that is on record with the job', async () => {
    const output = await sh('curl -sS -i --max-time 5 -x http://127.0.0.1:3128 http://evil.example/');
    expect(output).toContain('X-Ironbark-Rule: ');
    const lines = await bench.bench.env.audit.latest({ limit: 5, tool: 'job' });
    expect(lines).toMatchObject([
      { kind: 'http.refused', effectId: 'job/mine', conversationId: 'job-mine', rule: 'nothing-allowed' },
    ]);
  });
});
