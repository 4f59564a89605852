import { describe, expect, test } from 'vitest';
import { createPolicy, scopeOf } from '../../src/policy/index.ts';
import { openMemoryDatabase } from '../../src/storage/testing/memory-database.ts';
import { createToolRegistry, type Tool, type ToolContext } from '../../src/tools/index.ts';
import { testContext } from '../../src/tools/testing.ts';
import { createInvokeTool } from './invoke-tool.ts';

/** As in life: a tool's own calls of other tools go through the same door. */
function stage(judge: Parameters<typeof createInvokeTool>[1]['judge'] = async () => ({ verdict: 'allow' })) {
  const ran: [name: string, context: ToolContext][] = [];
  const tool = (name: string, more: Partial<Tool> = {}): Tool => ({
    name,
    description: name,
    parameters: { type: 'object' },
    effect: 'pure',
    approval: 'never',
    timeoutMs: 1_000,
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
  const invoke = createInvokeTool(tools, { judge });
  return { invoke, ran, names: () => ran.map(([name]) => name) };
}

const inGuest = (more: Partial<ToolContext> = {}): ToolContext =>
  testContext({ callers: ['probe'], invokesLeft: { count: 20 }, ...more });

describe('a tool that is called on behalf of another', () => {
  test('runs in the context that it was handed, and uses up one call of the budget', async () => {
    const { invoke, ran } = stage();
    const context = inGuest({ effectId: 'effect-9', tainted: true });
    expect(await invoke('echo', {}, context)).toEqual({ ok: true, content: 'echo ran' });
    expect(ran[0]?.[1]).toMatchObject({ effectId: 'effect-9', callers: ['probe'], tainted: true });
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
  test('that refuses is heard', async () => {
    const { invoke, names } = stage(async () => ({ verdict: 'refuse', reason: 'Not there.' }));
    expect(await invoke('echo', {}, inGuest())).toEqual({ ok: false, content: 'Not there.' });
    expect(names()).toEqual([]);
  });

  test.each([
    [true, /answering "always" when it is called directly/],
    [false, /can only be called directly/],
  ])('that would ask refuses, and says what to do: %s', async (allowAlways, words) => {
    const { invoke, names } = stage(async () => ({ verdict: 'ask', reason: 'May I?', allowAlways }));
    expect(await invoke('echo', {}, inGuest())).toEqual({ ok: false, content: expect.stringMatching(words) });
    expect(names()).toEqual([]);
  });

  test('lets through what was granted with "always", unless the call is tainted and changes something', async () => {
    const database = await openMemoryDatabase();
    const policy = createPolicy(database);
    const write: Tool = {
      name: 'write',
      description: 'Writes.',
      parameters: { type: 'object' },
      effect: 'once',
      approval: 'unless-granted',
      timeoutMs: 1_000,
      execute: async () => ({ ok: true, content: 'written' }),
    };
    const invoke = createInvokeTool(createToolRegistry([write]), policy);
    expect(await invoke('write', {}, inGuest())).toMatchObject({ ok: false });
    const grant = { grantId: 'g', tool: 'write', scope: scopeOf('write', {}), approvalId: 'a' };
    await database.commit([policy.grantStatement({ ...grant, at: '2026-01-01T00:00:00Z' })]);
    expect(await invoke('write', {}, inGuest())).toEqual({ ok: true, content: 'written' });
    expect(await invoke('write', {}, inGuest({ tainted: true }))).toMatchObject({
      ok: false,
      content: expect.stringContaining('can only be called directly'),
    });
    await database.close();
  });
});
