import { encode } from 'gpt-tokenizer';
import { describe, expect, test } from 'vitest';
import type { AgentOrder } from '../../core/journal.ts';
import type { JsonObject } from '../../core/json.ts';
import { createMemoryWork, type MemoryWork } from '../../work/testing/memory-work.ts';
import { createFileScope, createToolRegistry, isConsequential, type ToolContext } from '../index.ts';
import { callTool } from '../testing.ts';
import { jobTools } from './job-tools.ts';

const clock = { now: () => Date.parse('2030-01-01T12:00:00Z') };

function open() {
  const work = createMemoryWork({ clock });
  const tools = jobTools(work, { clock, files: createFileScope({ root: '/srv/files' }) });
  const call = (name: string, args: JsonObject, context: Partial<ToolContext> = {}) =>
    callTool(tools, name, args, context);
  const tool = (name: string) => {
    const found = tools.find((candidate) => candidate.name === name);
    if (!found) throw new Error(name);
    return found;
  };
  return { work, tools, call, tool };
}

const REPORT = { title: 'Report', description: 'Write the report.', wait: false } as const;

/** Whoever is told of the job that was ordered first. */
async function ordered(work: MemoryWork): Promise<string> {
  const [job] = await work.list({ filter: 'all', limit: 1 });
  if (!job) throw new Error('nothing was ordered');
  return job.id;
}

const AGENT: AgentOrder = {
  parentConversationId: 'conversation-0',
  parentTurnId: 'turn-0',
  depth: 1,
  tools: ['create_job', 'read_file'],
  budgetMicroUsd: 500_000,
  maxIterations: 10,
  origins: ['the page https://evil.example/'],
};
const JOB: AgentOrder = { ...AGENT, purpose: { kind: 'job', id: 'job-parent', within: null } };

test('there are these, each asks as often as it should, and none costs more than 130 tokens', () => {
  const { tools } = open();
  const registry = createToolRegistry(tools);
  expect(tools.map(({ name, approval, powers }) => `${name}: ${approval}, ${powers}`)).toEqual([
    'cancel_job: unless-granted, changes',
    'create_job: always, runs-code',
    'job_events: never, reads-private',
    'job_prompt: unless-granted, changes',
    'job_status: never, reads-private',
    'list_jobs: never, reads-private',
  ]);
  for (const description of registry.descriptions()) {
    expect(encode(JSON.stringify(description)).length).toBeLessThanOrEqual(130);
    for (const property of Object.values(description.parameters.properties ?? {}))
      expect(property).toHaveProperty('type');
  }
});

describe('create_job', () => {
  test('orders a job and tells its id, where nobody waits', async () => {
    const { work, call } = open();
    const { ok, content } = await call('create_job', REPORT);
    expect(ok).toBe(true);
    expect(content).toContain('job-000001  Report');
    expect(work.orders).toEqual([
      {
        title: 'Report',
        description: 'Write the report.',
        work: { kind: 'task', mode: 'local' },
        priority: 'job',
        projectDir: null,
        limits: { iterations: 50, tokens: null, budgetMicroUsd: null, minutes: null },
        tools: null,
        credentials: {},
        by: { kind: 'model', conversationId: 'conversation-1', turnId: 'turn-1', jobId: null },
        origins: [],
      },
    ]);
  });

  test('waits for the result, and passes on where its words come from', async () => {
    const { work, call } = open();
    const origins = ['the file notes.txt'];
    const waiting = call('create_job', { ...REPORT, wait: true }, { origins });
    work.move(await ordered(work), 'completed', 'done', 'The report is in report.md.');
    expect(await waiting).toEqual({ ok: true, content: 'The report is in report.md.', origins });
    expect(work.orders[0]).toMatchObject({ priority: 'interactive', awaited: true, origins });
  });

  test('says how one failed, and that one which takes longer goes on', async () => {
    const { work, call } = open();
    const failing = call('create_job', { ...REPORT, wait: true });
    work.move(await ordered(work), 'failed', 'its budget is used up');
    expect(await failing).toMatchObject({ ok: false, content: expect.stringContaining('used up') });
    const signal = AbortSignal.abort();
    const late = await call('create_job', { ...REPORT, wait: true }, { effectId: 'effect-2', signal });
    expect(late.content).toContain('"job_id": "job-000002"');
    expect(late.content).toContain('goes on by itself');
  });

  test('the same call after a crash is the same job', async () => {
    const { work, call } = open();
    await call('create_job', REPORT);
    await call('create_job', REPORT);
    expect(work.orders).toHaveLength(1);
  });

  test('orders many at once, and waits for all of them', async () => {
    const { work, call } = open();
    const subtasks = [
      { title: 'North', description: 'Read north.csv' },
      { description: 'Read south.csv' },
      'Read west.csv',
      { tool: 'time', arguments: { zone: 'UTC' } },
    ];
    const waiting = call('create_job', { ...REPORT, wait: true, subtasks });
    await expect.poll(() => work.orders.length).toBe(4);
    for (const { id } of await work.list({ filter: 'all', limit: 9 }))
      work.move(id, 'completed', '', `<${id}>`);
    const { content } = await waiting;
    expect(content).toContain('## North (job job-000001)\n<job-000001>');
    expect(content).toContain('## Read west.csv (job job-000003)');
    expect(work.orders[0]?.description).toBe('Read north.csv\n\nIt is part of this:\nWrite the report.');
    expect(work.orders[3]?.work).toEqual({ kind: 'tool', tool: 'time', arguments: { zone: 'UTC' } });
  });

  test('takes what few say in options or beside them, and bends it', async () => {
    const { work, call } = open();
    const options = { max_iterations: '9999', max_minutes: 30, budget_usd: 0.5, priority: 'MAINTENANCE' };
    await call('create_job', { ...REPORT, options });
    await call('create_job', { ...REPORT, max_iterations: 0, project_dir: 'site' }, { effectId: 'effect-2' });
    expect(work.orders).toMatchObject([
      {
        limits: { iterations: 500, minutes: 30, budgetMicroUsd: 500_000 },
        priority: 'maintenance',
      },
      { limits: { iterations: 50 }, projectDir: 'site' },
    ]);
  });

  test('of a job gets no more than that job has', async () => {
    const { work, call } = open();
    await call('create_job', { ...REPORT, options: { budget_usd: 9, max_iterations: 90 } }, { agent: JOB });
    expect(work.orders).toMatchObject([
      {
        limits: { iterations: 10, budgetMicroUsd: 500_000 },
        tools: JOB.tools,
        by: { jobId: 'job-parent' },
        origins: JOB.origins,
      },
    ]);
  });

  test.each<readonly [string, Partial<ToolContext>, string]>([
    ['an agent', { agent: AGENT }, 'An agent orders no jobs'],
    ['a tool', { callers: ['shell'] }, 'not by a tool'],
    ['a turn without a plan', { planning: 'unapproved' }, 'approve a plan'],
  ])('is not for %s', async (_who, context, why) => {
    const { work, call } = open();
    expect((await call('create_job', REPORT, context)).content).toContain(why);
    expect(work.orders).toEqual([]);
  });

  test.each<readonly [JsonObject, string]>([
    [{ options: { mode: 'worker', credentials: { token: 'PATH' } } }, 'changes what programs do'],
    [{ options: { mode: 'worker', credentials: { token: 'LD_PRELOAD' } } }, 'changes what programs do'],
    [{ options: { mode: 'worker', credentials: { token: 'my token' } } }, 'no name for a variable'],
    [{ options: { mode: 'worker', credentials: 'token' } }, '"GITHUB_TOKEN"'],
    [{ credentials: { token: 'TOKEN' } }, 'in containers only'],
    [{ options: { mode: 'acp' } }, 'needs agent_name'],
    [{ options: { mode: 'vm' } }, 'no mode "vm"'],
    [{ subtasks: Array.from({ length: 51 }, () => 'x') }, '50 jobs at most'],
    [{ subtasks: [{ title: '' }] }, 'Subtask 1 says nothing'],
  ])('refuses %j', async (args, why) => {
    const { work, call } = open();
    const { ok, content } = await call('create_job', { ...REPORT, ...args });
    expect(ok).toBe(false);
    expect(content).toContain(why);
    expect(work.orders).toEqual([]);
  });

  test('says which command helps where there are no containers', async () => {
    const { call } = open();
    const { ok, content } = await call('create_job', { ...REPORT, options: { mode: 'worker' } });
    expect(ok).toBe(false);
    expect(content).toContain('systemctl start docker');
  });

  test('asks for what nobody judges afterwards: containers, and secrets each time', () => {
    const create = open().tool('create_job');
    const worker = { ...REPORT, options: { mode: 'worker' } };
    const secret = { ...REPORT, mode: 'claude_code', credentials: { github: 'GITHUB_TOKEN' } };
    expect(isConsequential(create, REPORT)).toBe(false);
    expect(isConsequential(create, worker)).toBe(true);
    expect(create.approvalOf?.(worker)).toBe('unless-granted');
    expect(create.approvalOf?.(secret)).toBe('always');
    expect(create.approvalOf?.({ ...REPORT, options: { mode: 'vm' } })).toBe('always');
    expect(create.targets?.(worker)).toEqual([{ argument: 'mode', kind: 'command', value: 'worker' }]);
    const elsewhere = { ...REPORT, options: { mode: 'worker', project_dir: 'site' } };
    expect(create.targets?.(elsewhere)).toContainEqual({
      argument: 'project_dir',
      kind: 'path',
      value: '/srv/files/site',
    });
    expect(create.summary?.(elsewhere)).toContain('with the folder site');
    expect(create.summary?.(secret)).toContain('github as GITHUB_TOKEN');
  });
});

describe('looking after jobs', () => {
  const origins = ['the page https://example.org/'];

  test('lists them with how they stand, and where their titles come from', async () => {
    const { work, call } = open();
    expect((await call('list_jobs', {})).content).toBe('There are no jobs.');
    await call('create_job', REPORT, { origins });
    work.move(await ordered(work), 'inProgress');
    const { content, origins: told } = await call('list_jobs', { filter: 'active' });
    expect(content).toBe('job-000001  running for 0 s  Report');
    expect(told).toEqual(origins);
    expect((await call('list_jobs', { filter: 'failed' })).content).toBe('There are no failed jobs.');
  });

  test('tells how one stands, by the beginning of its id, and waits for its end', async () => {
    const { work, call } = open();
    await call('create_job', REPORT, { origins });
    const waiting = call('job_status', { job_id: 'job-0', wait_seconds: 60 });
    work.move(await ordered(work), 'completed', 'it answered', 'Written.');
    const status = await waiting;
    expect(status.content).toMatch(/^Report \(job job-000001\): done/);
    expect(status.content).toContain('Result:\nWritten.');
    expect(status.origins).toEqual(origins);
  });

  test('names what may have been meant', async () => {
    const { call } = open();
    await call('create_job', REPORT);
    await call('create_job', REPORT, { effectId: 'effect-2' });
    expect((await call('job_status', { job_id: 'job-000003' })).content).toContain('Did you mean job-00000');
    expect((await call('cancel_job', { job_id: 'job-' })).content).toContain('2 jobs begin with job-');
    expect((await call('job_events', { job_id: 'nonsense' })).content).toContain('See list_jobs');
  });

  test('cancels one, and says of one that has ended how it did', async () => {
    const { work, call, tool } = open();
    await call('create_job', REPORT);
    expect((await call('cancel_job', { job_id: 'job-000001' })).content).toBe('Cancelled "Report".');
    const again = await call('cancel_job', { job_id: 'job-000001' });
    expect(again).toMatchObject({ ok: false, content: expect.stringContaining('ended already') });
    expect(await work.get('job-000001')).toMatchObject({ state: 'cancelled' });
    expect(await tool('cancel_job').refusal?.({ job_id: 'job-7' })).toContain('There is no job job-7');
  });

  test('shows what one did, latest last, as words from outside', async () => {
    const { work, call } = open();
    await call('create_job', REPORT);
    expect((await call('job_events', { job_id: 'job-000001' })).content).toContain('nothing yet');
    for (const at of [1, 2, 3])
      work.say('job-000001', 'message', { role: 'assistant', content: `word ${at}` });
    const { content, origins: told } = await call('job_events', { job_id: 'job-000001', limit: 2 });
    expect(content.match(/word \d/g)).toEqual(['word 2', 'word 3']);
    expect(told).toEqual(['the job "Report"']);
  });

  test('tells a running one something, as a model and not as the user', async () => {
    const { work, call } = open();
    await call('create_job', REPORT);
    const args = { job_id: 'job-000001', content: 'Use metric units.', done: true };
    expect(await call('job_prompt', args)).toMatchObject({ ok: false });
    work.move('job-000001', 'inProgress');
    expect(await call('job_prompt', args, { origins })).toMatchObject({ ok: true });
    expect(work.prompts).toEqual([
      'job-000001: Use metric units. (done) under the page https://example.org/',
    ]);
  });
});
