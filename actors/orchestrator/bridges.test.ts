import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DockerDaemon,
  startDockerDaemon,
  WITHOUT_DOCKER,
} from '../../src/containers/testing/docker-daemon.ts';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';
import type { JobEvent, JobOrder } from '../../src/core/work.ts';
import { readJobEvents } from '../../src/work/index.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { withKnownAgents } from './acp-agents.ts';
import { bridgeMode } from './container-modes.ts';
import type { ContainerMode } from './container-plan.ts';
import { openContainerBench } from './testing/container-bench.ts';

if (WITHOUT_DOCKER) console.warn(WITHOUT_DOCKER);

const AGENTS = [
  {
    name: 'played',
    command: 'node',
    args: ['/opt/ironbark/src/cli/bridges/testing/acp-agent.mjs'],
    env: {},
  },
];

const CLAUDE = bridgeMode('claude_code', 'claude-bridge', () => ['--model', 'sonnet', '--turns', '50']);
const ACP = bridgeMode('acp', 'acp-bridge', () => ['--agents', JSON.stringify(AGENTS)]);

const NO_MODEL = () => 'nobody asks';

describe.skipIf(WITHOUT_DOCKER !== undefined)('foreign programs in containers', { timeout: 90_000 }, () => {
  let daemon: DockerDaemon;
  let programs: string;
  beforeAll(async () => {
    daemon = await startDockerDaemon();
    programs = mkdtempSync(join(tmpdir(), 'ib-programs-'));
    copyFileSync(join(PACKAGE_ROOT, 'src/cli/bridges/testing/claude.mjs'), join(programs, 'claude'));
    for (const path of [programs, join(programs, 'claude')]) chmodSync(path, 0o755);
  }, 120_000);
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    rmSync(programs, { recursive: true, force: true });
  }, 60_000);

  /** With the program that plays `claude` where the image would have it. */
  function withClaude(): ContainerMode {
    return {
      ...CLAUDE,
      environment: { ...CLAUDE.environment, PATH: '/opt/played:/usr/local/bin:/usr/bin:/bin' },
      readOnly: [...(CLAUDE.readOnly ?? []), { hostPath: programs, path: '/opt/played' }],
    };
  }

  test('claude works on a job, and goes on with what is said to it', async () => {
    await using bench = await openContainerBench(daemon, { script: NO_MODEL, mode: withClaude() });
    const job = await bench.add({ id: 'claude', work: { kind: 'task', mode: 'claude_code' } });
    const said = { content: 'And the pictures.', done: true, origin: undefined, externalId: 'p1' };
    const running = bench.run(job);
    await bench.runner.prompt?.(job, said);
    expect(await running.end).toMatchObject({
      outcome: 'answered',
      text: 'done: And the pictures.',
      origins: expect.arrayContaining(['the program claude']),
    });
    const events = await readJobEvents(bench.bench.database, job.id, { limit: 100 });
    expect(told(events)).toEqual([
      ...['status', 'reasoning', 'tool_use', 'tool_result', 'message', 'result', 'message'],
      ...['status', 'reasoning', 'tool_use', 'tool_result', 'message', 'result'],
    ]);
    expect(await bench.containers.mine()).toEqual([]);
  });

  test('an image without claude fails with what helps', async () => {
    await using bench = await openContainerBench(daemon, { script: NO_MODEL, mode: CLAUDE });
    const job = await bench.add({ id: 'missing', work: { kind: 'task', mode: 'claude_code' } });
    expect(await bench.run(job).end).toMatchObject({
      outcome: 'failed',
      text: expect.stringMatching(/^There is no program "claude".*sandbox\.image/),
    });
  });

  test('a program of the Agent Client Protocol works on a job', async () => {
    await using bench = await openContainerBench(daemon, { script: NO_MODEL, mode: ACP });
    const job = await bench.add({
      id: 'acp',
      work: { kind: 'task', mode: 'acp', agentName: 'played' },
      description: 'Put it in order.',
    });
    expect(await bench.run(job).end).toMatchObject({
      outcome: 'answered',
      text: 'did: a job\n\nPut it in order.',
    });
    const events = await readJobEvents(bench.bench.database, job.id, { limit: 100 });
    expect(told(events)).toEqual([
      ...['status', 'reasoning', 'status', 'tool_use', 'tool_result', 'message', 'result'],
    ]);
  });
});

describe('an order for a program of the Agent Client Protocol', () => {
  const runner: JobRunner = {
    run: async () => {
      throw new Error('not asked for');
    },
  };
  const order = (agentName?: string): JobOrder => ({
    title: 't',
    description: 'd',
    work: { kind: 'task', mode: 'acp', ...(agentName !== undefined && { agentName }) },
    priority: 'job',
    projectDir: null,
    limits: { iterations: 1, tokens: null, budgetMicroUsd: null, minutes: null },
    tools: null,
    credentials: {},
    by: { kind: 'user', conversationId: null },
    origins: [],
  });

  test('is taken where there is such a program, and else says what there is', async () => {
    const known = withKnownAgents(runner, () => AGENTS);
    expect(await known.refusal?.(order('played'))).toBeUndefined();
    expect(await known.refusal?.(order())).toBeUndefined();
    expect(await known.refusal?.(order('goose'))).toMatch(/no program "goose".*: played\./);
    const none = withKnownAgents(runner, () => []);
    expect(await none.refusal?.(order())).toMatch(/sandbox\.acp_agents/);
  });
});

/** What the program told; how much its container took comes after that. */
const told = (events: readonly JobEvent[]): readonly string[] =>
  events.filter(({ data }) => data.status !== 'used').map(({ type }) => type);
