import { encode } from 'gpt-tokenizer';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AgentOrder } from '../../core/journal.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RoutineRun } from '../../core/routines.ts';
import { createMemoryRoutines, type MemoryRoutines } from '../../routines/testing/memory-routines.ts';
import { createToolRegistry, type Tool, type ToolContext } from '../index.ts';
import { callTool } from '../testing.ts';
import { routineTools } from './routine-tools.ts';

let desk: MemoryRoutines;
let tools: readonly Tool[];
beforeEach(() => {
  desk = createMemoryRoutines({ now: () => Date.UTC(2026, 2, 1, 12) });
  tools = routineTools(desk);
});

const call = (name: string, args: JsonObject, context: Partial<ToolContext> = {}) =>
  callTool(tools, name, args, { timezone: 'Europe/Berlin', ...context });
const create = (args: JsonObject, context: Partial<ToolContext> = {}) =>
  call('routine_create', { name: 'morning', prompt: 'Say what is on.', ...args }, context);
const tool = (name: string): Tool => tools.find((one) => one.name === name) ?? expect.unreachable();
const morning = async () => (await desk.get('morning')) ?? expect.unreachable();

const RUN: RoutineRun = {
  id: 'r1',
  routineId: 'routine-1',
  trigger: 'cron',
  cause: 'due 09:00',
  dueAt: null,
  startedAt: '2026-03-01T08:00:00.000Z',
  completedAt: null,
  status: 'failed',
  summary: 'The model\ndid not answer.',
  tokensUsed: 0,
  jobId: null,
  conversationId: null,
  lateMs: null,
};

/** What the turn of a routine's run is told. */
const ORDER: AgentOrder = {
  parentConversationId: 'routine-a',
  parentTurnId: 't',
  depth: 1,
  tools: [],
  budgetMicroUsd: null,
  maxIterations: 3,
  origins: [],
  purpose: { kind: 'routine', id: 'run-7', within: { kind: 'routine', id: 'routine-a', day: '2026-03-01' } },
};

describe('routine_create', () => {
  test('answers with the next five times, in the user’s zone', async () => {
    const { ok, content } = await create({ schedule: '0 0 * * *' });
    expect(ok).toBe(true);
    expect(content).toContain('Created the routine "morning"');
    expect(content).toContain(
      'Next (Europe/Berlin): Mon 2026-03-02 01:00, Tue 2026-03-03 01:00, Wed 2026-03-04 01:00, Thu 2026-03-05 01:00, Fri 2026-03-06 01:00.',
    );
  });

  test('tells what is odd about a schedule', async () => {
    expect((await create({ schedule: '0 0 1 * 1' })).content).toContain('On the 1st and on Mondays.');
  });

  test('is one routine, however often the same call runs', async () => {
    await create({ schedule: '0 0 * * *' });
    expect((await create({ schedule: '0 0 * * *' })).ok).toBe(true);
    expect(await desk.list()).toHaveLength(1);
    expect(await create({}, { effectId: 'another' })).toMatchObject({
      ok: false,
      content: expect.stringContaining('already'),
    });
  });

  test('keeps whose words made it, and that a model did', async () => {
    await create({}, { origins: ['the page https://a.example/'] });
    expect(await morning()).toMatchObject({
      by: 'model',
      origins: ['the page https://a.example/'],
      conversationId: 'conversation-1',
    });
  });

  test('takes arguments in groups, or all on one level', async () => {
    await create({
      request: { kind: 'cron', schedule: '0 9 * * *', timezone: 'Asia/Tokyo' },
      execution: { mode: 'lightweight', use_tools: 'false', max_tool_rounds: 99, context_paths: 'a.md' },
      delivery: { channel: 'telegram', on_success: true },
      advanced: { cooldown_secs: '60', run_mode: 'QUEUED', catch_up: 'nonsense' },
    });
    const grouped = await morning();
    expect(grouped.trigger).toEqual({ kind: 'cron', schedule: '0 9 * * *', timezone: 'Asia/Tokyo' });
    expect(grouped.action).toMatchObject({ useTools: false, maxToolRounds: 20, contextPaths: ['a.md'] });
    expect(grouped.guardrails).toMatchObject({ cooldownSeconds: 60, runMode: 'queued', catchUp: 'once' });
    expect(grouped.notify.onSuccess).toBe(true);
    await create({ name: 'flat', cron: '0 9 * * *', cooldown_secs: 0 }, { effectId: '2' });
    const flat = await desk.get('flat');
    expect(flat?.trigger).toMatchObject({ kind: 'cron', schedule: '0 9 * * *' });
    expect(flat?.guardrails.cooldownSeconds).toBe(0);
  });

  test.each<[JsonObject, object]>([
    [
      { trigger_type: 'event', pattern: 'invoice', channel: 'web' },
      { kind: 'event', pattern: 'invoice', channel: 'web' },
    ],
    [{ pattern: 'invoice' }, { kind: 'event', channel: null }],
    [
      { source: 'github', event_type: 'issue', filters: { repo: 'a', number: 7 } },
      { kind: 'system_event', eventType: 'issue', filters: { repo: 'a', number: '7' } },
    ],
    [
      { advanced: { path: '/deploys/', secret: 'deploy_secret' } },
      { kind: 'webhook', path: 'deploys', secret: 'deploy_secret', proof: 'secret' },
    ],
    [{}, { kind: 'manual' }],
    [{ kind: null, schedule: '' }, { kind: 'manual' }],
  ])('reads what starts it from %j', async (args, trigger) => {
    expect((await create(args)).ok).toBe(true);
    expect((await morning()).trigger).toMatchObject(trigger);
  });

  test('makes a job of a full job', async () => {
    await create({ mode: 'full_job', advanced: { max_iterations: 40 } });
    expect((await morning()).action).toMatchObject({
      kind: 'full_job',
      title: 'morning',
      description: 'Say what is on.',
      limits: { iterations: 40 },
    });
  });

  test.each<[JsonObject, string]>([
    [{ schedule: '0 0 31 2 *' }, 'February has no 31st'],
    [{ schedule: 'every day' }, 'five to seven fields'],
    [{ schedule: '0 9 * * *', timezone: 'Nowhere/City' }, 'Did you mean Europe/Berlin?'],
    [{ kind: 'cron' }, 'The argument "schedule" is missing'],
    [{ kind: 'webhook', path: 'x' }, 'the name of a stored secret'],
    [{ kind: 'system_event', source: 'x' }, 'The argument "event_type" is missing'],
  ])('asks nobody about what cannot be: %j', async (args, reason) => {
    const whole = { name: 'morning', prompt: 'x', ...args };
    expect(await tool('routine_create').refusal?.(whole)).toContain(reason);
    expect(await create(args)).toMatchObject({ ok: false, content: expect.stringContaining(reason) });
    expect(await desk.list()).toEqual([]);
  });

  test('says what is wrong with a pattern', async () => {
    expect(await create({ pattern: '(a' })).toMatchObject({
      ok: false,
      content: expect.stringContaining('RE2'),
    });
  });

  test('is asked about, with what it would do and when', () => {
    const args = { name: 'morning', prompt: 'Say what is on.', request: { schedule: '0 0 * * *' } };
    expect(tool('routine_create').summary?.(args)).toBe(
      'Create the routine "morning" (0 0 * * *, next Mon 2026-03-02 00:00 UTC), which does by itself: Say what is on.',
    );
    expect(tool('routine_create').targets?.(args)).toEqual([
      { argument: 'name', kind: 'recipient', value: 'routine morning' },
    ]);
  });
});

describe('routine_update', () => {
  beforeEach(async () => {
    await create({ schedule: '0 9 * * *', timezone: 'Asia/Tokyo' });
  });

  test('leaves what was not said', async () => {
    expect(await call('routine_update', { name: 'morning', enabled: false })).toMatchObject({ ok: true });
    expect(await morning()).toMatchObject({
      enabled: false,
      trigger: { schedule: '0 9 * * *', timezone: 'Asia/Tokyo' },
      action: { prompt: 'Say what is on.' },
    });
    await call('routine_update', { name: 'morning', schedule: '0 10 * * *', advanced: { jitter_secs: 5 } });
    expect(await morning()).toMatchObject({
      trigger: { schedule: '0 10 * * *', timezone: 'Asia/Tokyo' },
      guardrails: { jitterSeconds: 5, cooldownSeconds: 300 },
    });
  });

  test('may set a limit of its costs and lower it, and neither raise nor remove it', async () => {
    const limit = async (usd: number) => {
      const args = { name: 'morning', advanced: { day_usd: usd } };
      const [refusal, { ok }] = [
        await tool('routine_update').refusal?.(args),
        await call('routine_update', args),
      ];
      expect(ok).toBe(refusal === undefined);
      return refusal ?? (await morning()).guardrails.dayMicroUsd;
    };
    expect(await limit(0.5)).toBe(500_000);
    expect(await limit(0.25)).toBe(250_000);
    const refusal =
      'The runs of "morning" may cost $0.25 a day. You may lower that; only the user can raise or remove it: ironbark routines edit NAME --budget AMOUNT.';
    expect(await limit(0.3)).toBe(refusal);
    expect(await limit(0)).toBe(refusal);
    expect((await morning()).guardrails.dayMicroUsd).toBe(250_000);
    expect(tool('routine_update').summary?.({ name: 'morning', day_usd: 0.1 })).toBe(
      'Change the routine "morning": let it cost $0.10 a day at most.',
    );
  });

  test('turns one kind into another', async () => {
    await call('routine_update', { name: 'morning', request: { kind: 'message_event', pattern: 'tea' } });
    expect((await morning()).trigger).toEqual({ kind: 'event', pattern: 'tea', channel: null });
  });

  test('makes the words the model’s, with whatever had a hand in them', async () => {
    await desk.update('morning', { by: 'user', origins: ['the file a.txt'] });
    await call('routine_update', { name: 'morning', enabled: true });
    expect(await morning()).toMatchObject({ by: 'user', origins: ['the file a.txt'] });
    await call('routine_update', { name: 'morning', prompt: 'Other.' }, { origins: ['the page b'] });
    expect(await morning()).toMatchObject({ by: 'model', origins: ['the file a.txt', 'the page b'] });
  });

  test('names the routines where there is none of that name', async () => {
    expect(await tool('routine_update').refusal?.({ name: 'mornign' })).toBe(
      'There is no routine "mornign". There are: "morning".',
    );
    expect(await call('routine_update', { name: 'morning', schedule: '0 0 31 2 *' })).toMatchObject({
      ok: false,
      content: expect.stringContaining('February'),
    });
  });
});

describe('the other tools for routines', () => {
  test('list them with their next and last times', async () => {
    expect((await call('routine_list', {})).content).toBe('There are no routines.');
    await create({ schedule: '0 0 * * *' }, { origins: ['the page b'] });
    const listed = await call('routine_list', {});
    expect(listed.content).toBe(
      'morning: unverified; at 0 0 * * * (UTC); next Mon 2026-03-02 01:00; never ran',
    );
    expect(listed.origins).toEqual(['the page b']);
  });

  test('delete', async () => {
    await create({});
    expect((await call('routine_delete', { name: 'morning' })).ok).toBe(true);
    expect((await call('routine_delete', { name: 'morning' })).content).toContain('There are none yet');
  });

  test('fire once for one call', async () => {
    await create({});
    expect((await call('routine_fire', { name: 'morning' })).content).toContain('is started (run run-1)');
    await call('routine_fire', { name: 'morning' });
    expect(await desk.runs('morning', 9)).toHaveLength(1);
  });

  test('do not fire from within a run', async () => {
    await create({});
    expect((await call('routine_fire', { name: 'morning' }, { agent: ORDER })).ok).toBe(false);
    expect(await desk.runs('morning', 9)).toEqual([]);
  });

  test('tell what ran and what did not', async () => {
    await create({ schedule: '0 9 * * *' });
    expect((await call('routine_history', { name: 'morning' })).content).toContain('has not run yet');
    desk.addRun('morning', RUN);
    const due = { routineId: 'routine-1', runId: null };
    desk.addDue({ ...due, dueAt: '2026-02-28T08:00:00Z', state: 'missed', reason: 'nothing ran then' });
    desk.addDue({ ...due, dueAt: '2026-02-27T08:00:00Z', state: 'fired', reason: null });
    const { content, origins } = await call('routine_history', { name: 'morning' });
    expect(content).toBe(
      'Sun 2026-03-01 09:00 failed (due 09:00, run r1): The model did not answer.\nSat 2026-02-28 09:00 missed: nothing ran then',
    );
    expect(origins).toEqual(['the routine "morning"']);
  });
});

describe('event_emit', () => {
  const emit = (args: JsonObject, context: Partial<ToolContext> = {}) =>
    call('event_emit', { source: 'shop', event_type: 'sold', ...args }, context);

  test('tells the routines that wait', async () => {
    await create({ source: 'shop', event_type: 'sold' });
    expect((await emit({ payload: { sku: 'a', count: 2 } }, { origins: ['x'] })).content).toBe(
      'One routine was started.',
    );
    expect(desk.events).toEqual([
      { source: 'shop', eventType: 'sold', payload: { sku: 'a', count: '2' }, origins: ['x'], causedBy: [] },
    ]);
    expect((await emit({ event_type: 'lost' }, { effectId: '2' })).content).toContain('Nothing was started');
  });

  test('says which routine’s run it comes from', async () => {
    await emit({}, { agent: ORDER });
    await emit({}, { agent: ORDER, conversationId: 'run-7', effectId: '2' });
    const child = { ...ORDER, parentConversationId: 'run-7' };
    await emit({}, { agent: child, conversationId: 'agent-1', effectId: '3' });
    expect(desk.events.map(({ causedBy }) => causedBy)).toEqual([['routine-a'], ['run-7'], ['run-7']]);
  });

  test('does not speak for the assistant itself', async () => {
    expect(await emit({ source: 'Ironbark', event_type: 'startup' })).toMatchObject({ ok: false });
    expect(desk.events).toEqual([]);
  });
});

describe('the tools for routines', () => {
  test('ask before anything is done by itself', () => {
    expect(tools.map(({ name, approval, powers }) => `${name}: ${approval}, ${powers}`)).toEqual([
      'event_emit: unless-granted, changes',
      'routine_create: unless-granted, changes',
      'routine_delete: unless-granted, changes',
      'routine_fire: unless-granted, changes',
      'routine_history: never, reads-private',
      'routine_list: never, reads-private',
      'routine_update: unless-granted, changes',
    ]);
  });

  test('cost a model few tokens, and every provider takes their schemas', () => {
    for (const description of createToolRegistry(tools).descriptions()) {
      const most = description.name === 'routine_create' ? 250 : 130;
      expect(encode(JSON.stringify(description)).length, description.name).toBeLessThanOrEqual(most);
      for (const property of Object.values(description.parameters.properties ?? {}))
        expect(property).toHaveProperty('type');
    }
  });
});
