import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import { createPolicy, NO_RULES, type Policy, type PolicyRequest } from '../../policy/index.ts';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { createToolRegistry, defineTool, type Tool, type ToolRegistry } from '../index.ts';
import { testContext } from '../testing.ts';
import { toolPermissionSetTool } from './tool-permission-set.ts';

const START = Date.parse('2026-03-01T10:00:00Z');

const worker = (name: string, approval: Tool['approval']): Tool =>
  defineTool({
    name,
    description: 'Works.',
    schema: z.object({}),
    effect: 'once',
    approval,
    powers: ['changes'],
    run: () => ({ ok: true, content: 'done' }),
  });

let database: Database;
let policy: Policy;
let tools: ToolRegistry;
beforeAll(async () => {
  database = await openMemoryDatabase();
  tools = createToolRegistry([
    worker('work', 'unless-granted'),
    worker('grave_work', 'always'),
    toolPermissionSetTool({ registry: () => tools, permissions: () => policy, now: () => START }),
  ]);
  policy = createPolicy({ database, tools: tools.get, rules: NO_RULES, clock: { now: () => START } });
});
afterAll(() => database.close());
beforeEach(() => database.query('delete from tool_grant'));

const judge = (tool: string, args: JsonObject = {}, more: Partial<PolicyRequest> = {}) =>
  policy.judge({
    tool: tools.get(tool) ?? expect.unreachable(),
    arguments: args,
    conversationId: 'c',
    user: 'owner',
    origins: [],
    wish: [],
    done: [],
    unattended: false,
    planning: 'off',
    agent: undefined,
    ...more,
  });

const set = async (args: JsonObject, effectId = 'effect-1') => {
  const { writes = [], ...output } = await tools.invoke(
    'tool_permission_set',
    args,
    testContext({ effectId }),
  );
  await database.commit([{ sql: 'select 1' }, ...writes]);
  return output;
};

describe('tool_permission_set', () => {
  test('lets a tool run without asking, until that is taken back', async () => {
    expect(await judge('work')).toMatchObject({ verdict: 'ask' });
    expect(await set({ tool_name: 'work', state: 'allow' })).toMatchObject({
      ok: true,
      audit: [{ kind: 'grant.given' }],
    });
    expect(await judge('work')).toMatchObject({ verdict: 'allow', because: 'granted' });
    expect(await set({ tool_name: 'work', state: 'ask' })).toMatchObject({
      content: 'Taken back of work: any arguments.',
      audit: [{ kind: 'grant.revoked' }],
    });
    expect(await judge('work')).toMatchObject({ verdict: 'ask' });
  });

  test('allows no call that words from outside had a hand in', async () => {
    await set({ tool_name: 'work', state: 'ALLOW' });
    expect(await judge('work', {}, { origins: ['the page b.example'] })).toMatchObject({ verdict: 'ask' });
  });

  test('asks the user each time something is to be set, and never where it is only read', async () => {
    expect(await judge('tool_permission_set', { tool_name: 'work' })).toMatchObject({ verdict: 'allow' });
    for (const state of ['allow', 'ask']) {
      const question = await judge('tool_permission_set', { tool_name: 'work', state });
      expect(question).toMatchObject({
        verdict: 'ask',
        allowAlways: false,
        reason: expect.stringContaining('work'),
      });
    }
  });

  test('tells what was allowed', async () => {
    expect((await set({ tool_name: 'work' })).content).toBe(
      'work: the user is asked; nothing is allowed for good.',
    );
    await set({ tool_name: 'work', state: 'allow' });
    expect((await set({ tool_name: 'work', state: null })).content).toContain('- any arguments');
    expect((await set({ tool_name: 'grave_work' })).content).toBe('grave_work: the user is asked each time.');
  });

  test.each([
    [{ tool_name: 'work', state: 'disabled' }, 'policy file'],
    [{ tool_name: 'grave_work', state: 'allow' }, 'is asked about each time'],
    [{ tool_name: 'wrok', state: 'allow' }, 'Did you mean work'],
  ])('bothers nobody about %j', async (args, why) => {
    expect(await judge('tool_permission_set', args)).toMatchObject({
      verdict: 'refuse',
      reason: expect.stringContaining(why),
    });
    expect(await set(args)).toMatchObject({ ok: false, content: expect.stringContaining(why) });
  });

  test('grants the same once where it runs again after a crash', async () => {
    await set({ tool_name: 'work', state: 'allow' }, 'effect-2');
    await set({ tool_name: 'work', state: 'allow' }, 'effect-2');
    expect(await policy.grants()).toHaveLength(1);
  });
});
