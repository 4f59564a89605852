import { describe, expect, onTestFinished, test } from 'vitest';
import { createPolicy, NO_RULES, type PolicyDecision, type PolicyRequest } from '../../src/policy/index.ts';
import { openMemoryDatabase } from '../../src/storage/testing/memory-database.ts';
import { createToolRegistry, type Tool, type ToolContext } from '../../src/tools/index.ts';
import { testContext } from '../../src/tools/testing.ts';
import { createInvokeTool } from './invoke-tool.ts';

const ALLOW: PolicyDecision = { verdict: 'allow', because: 'harmless' };

/** As in life: a tool's own calls of other tools go through the same door. */
function stage(decision: PolicyDecision = ALLOW) {
  const judged: PolicyRequest[] = [];
  const ran: [name: string, context: ToolContext][] = [];
  const tool = (name: string, more: Partial<Tool> = {}): Tool => ({
    name,
    description: name,
    parameters: { type: 'object' },
    effect: 'pure',
    approval: 'never',
    timeoutMs: 1_000,
    powers: [],
    async execute(_, context) {
      ran.push([name, context]);
      return { ok: true, content: `${name} ran` };
    },
    ...more,
  });
  /** Calls another one, by its argument. */
  const relay = (name: string): Tool =>
    tool(name, {
      async execute({ next }, context) {
        ran.push([name, context]);
        const callers = [...context.callers, name];
        const [first, ...rest] = Array.isArray(next) ? next : [];
        if (typeof first !== 'string') return { ok: true, content: `${name} ran` };
        return invoke(first, { next: rest }, { ...context, callers });
      },
    });
  const tools = createToolRegistry([tool('echo'), relay('a'), relay('b'), relay('c'), relay('d')]);
  const invoke = createInvokeTool(tools, {
    async judge(request) {
      judged.push(request);
      return decision;
    },
  });
  return { invoke, judged, ran, names: () => ran.map(([name]) => name) };
}

const inGuest = (more: Partial<ToolContext> = {}): ToolContext =>
  testContext({ callers: ['probe'], invokesLeft: { count: 20 }, ...more });

describe('a tool that is called on behalf of another', () => {
  test('runs in the context that it was handed, and uses up one call of the budget', async () => {
    const { invoke, ran } = stage();
    const context = inGuest({ effectId: 'effect-9', origins: ['a.txt'] });
    expect(await invoke('echo', {}, context)).toEqual({ ok: true, content: 'echo ran' });
    expect(ran[0]?.[1]).toMatchObject({ effectId: 'effect-9', callers: ['probe'], origins: ['a.txt'] });
    expect(context.invokesLeft.count).toBe(19);
  });

  test.each<[string, string, Partial<ToolContext>, RegExp]>([
    ['that does not exist', 'ecco', {}, /no tool named "ecco"/],
    ['that is at work further up', 'echo', { callers: ['echo', 'probe'] }, /may not call itself/],
    ['four levels down', 'echo', { callers: ['w', 'x', 'y', 'z'] }, /3 levels deep/],
    ['with nothing left of the budget', 'echo', { invokesLeft: { count: 0 } }, /used up/],
  ])('is refused: %s', async (_, name, context, words) => {
    const { invoke, names } = stage();
    const given = inGuest(context);
    const before = given.invokesLeft.count;
    expect(await invoke(name, {}, given)).toEqual({ ok: false, content: expect.stringMatching(words) });
    expect(names()).toEqual([]);
    expect(given.invokesLeft.count).toBe(before);
  });

  test('may call others in its turn, three levels deep and in no circle', async () => {
    const deep = stage();
    await deep.invoke('a', { next: ['b', 'c'] }, inGuest());
    expect(deep.names()).toEqual(['a', 'b', 'c']);
    const deeper = stage();
    expect(await deeper.invoke('a', { next: ['b', 'c', 'd'] }, inGuest())).toMatchObject({ ok: false });
    expect(deeper.names()).toEqual(['a', 'b', 'c']);
    const circle = stage();
    expect(await circle.invoke('a', { next: ['b', 'a'] }, inGuest())).toMatchObject({ ok: false });
    expect(circle.names()).toEqual(['a', 'b']);
  });

  test('shares one budget with all that it calls', async () => {
    const { invoke, names } = stage();
    const context = inGuest({ invokesLeft: { count: 3 } });
    await invoke('a', { next: ['b'] }, context);
    await invoke('a', { next: ['b'] }, context);
    expect(names()).toEqual(['a', 'b', 'a']);
  });
});

describe('the policy', () => {
  test('is told whose words had a hand in the call, that nobody wished for it, and that nobody can be asked', async () => {
    const { invoke, judged } = stage();
    await invoke('echo', { a: 1 }, inGuest({ origins: ['a.txt'] }));
    expect(judged).toEqual([
      {
        tool: expect.objectContaining({ name: 'echo' }),
        arguments: { a: 1 },
        conversationId: 'conversation-1',
        user: 'owner',
        origins: ['a.txt'],
        wish: [],
        done: [],
        unattended: true,
        planning: 'off',
        agent: undefined,
      },
    ]);
  });

  test.each(['forbidden', 'policy-unreadable', 'impossible'] as const)(
    'that refuses is heard: %s',
    async (rule) => {
      const { invoke, names } = stage({ verdict: 'refuse', reason: 'Not there.', rule });
      expect(await invoke('echo', {}, inGuest())).toEqual({ ok: false, content: 'Not there.' });
      expect(names()).toEqual([]);
    },
  );

  test('that would have to ask refuses, and the model is told where the user can be asked', async () => {
    const { invoke, names } = stage({ verdict: 'refuse', reason: 'Nobody is there.', rule: 'unattended' });
    expect(await invoke('echo', {}, inGuest())).toEqual({
      ok: false,
      content: 'Nobody is there. Or call echo directly, where the user is asked.',
    });
    expect(names()).toEqual([]);
  });

  test('lets through what was granted, after words from outside only where that was granted as well', async () => {
    const database = await openMemoryDatabase();
    onTestFinished(() => database.close());
    const write: Tool = {
      name: 'write',
      description: 'Writes.',
      parameters: { type: 'object' },
      effect: 'once',
      approval: 'unless-granted',
      timeoutMs: 1_000,
      powers: ['changes'],
      execute: async () => ({ ok: true, content: 'written' }),
    };
    const tools = createToolRegistry([write]);
    const clock = { now: () => Date.parse('2026-01-01T00:00:00Z') };
    const policy = createPolicy({ database, tools: tools.get, rules: NO_RULES, clock });
    const invoke = createInvokeTool(tools, policy);
    const grant = (influenced: boolean) =>
      database.commit([
        policy.addStatement({
          request: { tool: 'write', targets: [], influenced },
          tool: write,
          grantId: `grant ${influenced}`,
          at: '2026-01-01T00:00:00Z',
        }),
      ]);
    const clean = () => invoke('write', {}, inGuest());
    const influenced = () => invoke('write', {}, inGuest({ origins: ['a.txt'] }));
    expect((await clean()).content).toContain('ironbark grants add write');
    await grant(false);
    expect(await clean()).toEqual({ ok: true, content: 'written' });
    expect(await influenced()).toMatchObject({ ok: false });
    await grant(true);
    expect(await influenced()).toEqual({ ok: true, content: 'written' });
  });
});
