import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { createHooks, type Hooks, NO_HOOKS } from '../src/hooks/index.ts';
import type { Tool } from '../src/tools/index.ts';
import { type Bench, openBench, type Script, until } from './testing/bench.ts';

interface Setup {
  readonly toml: string;
  readonly script?: Script;
  readonly tools?: readonly Tool[];
}

async function open({ toml, script = () => 'hello', tools = [] }: Setup): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-hooks-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'hooks.toml');
  await writeFile(file, toml);
  const hooks = createHooks({
    file,
    clock: systemClock,
    callWebhook: async () => ({ kind: 'changed', text: 'from a server', foreign: true }),
    writeAudit: async () => {},
  });
  return openBench({ script, tools, hooks });
}

/** Sends what it is told to, which has to be allowed. */
function sender(): { readonly tool: Tool; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const tool: Tool = {
    name: 'send',
    description: 'sends',
    parameters: { type: 'object', properties: { to: { type: 'string' } } },
    effect: 'once',
    approval: 'unless-granted',
    powers: ['sends'],
    timeoutMs: 60_000,
    async execute(args) {
      sent.push(args);
      return { ok: true, content: 'sent to the number 4711' };
    },
  };
  return { tool, sent };
}

const sendOnce: Script = ({ messages }) => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return `I read: ${last.content}`;
  return { calls: [{ callId: 'a', tool: 'send', arguments: { to: 'bob@example.com' } }] };
};

test('a message is accepted as the hooks left it, or not at all; commands are not theirs', async () => {
  await using bench = await open({
    toml: `
      [[hooks]]
      name = "polite"
      points = ["inbound"]
      replace = { pattern = "now!", with = "please" }
      [[hooks]]
      name = "no-war"
      points = ["inbound"]
      when = "war"
      reject = "Not here."`,
  });
  await bench.say('tell me now!');
  expect(await bench.waitFor('turn.began')).toMatchObject({ messages: [{ text: 'tell me please' }] });
  await bench.waitFor('turn.replied');
  await expect(bench.say('war')).rejects.toThrow('The hook no-war stopped this. Not here.');
  await bench.say('/help war');
  await bench.waitFor('command.completed');
  const began = (await bench.entries()).filter(({ type }) => type === 'turn.began');
  expect(began).toHaveLength(2);
});

test('the model is told what a hook adds, and what it writes is changed before it counts', async () => {
  const systems: string[] = [];
  await using bench = await open({
    toml: `
      [[hooks]]
      name = "motto"
      points = ["before-model"]
      append = " Answer in verse."
      [[hooks]]
      name = "brand"
      points = ["transform"]
      replace = { pattern = "(?i)acme", with = "ACME" }
      [[hooks]]
      name = "sign"
      points = ["outbound"]
      append = " – yours"`,
    script: ({ system }) => {
      systems.push(system);
      return 'acme is fine';
    },
  });
  const shown: string[] = [];
  bench.assistant.watch('talk', (event) => {
    if (event.type === 'delta') shown.push(event.text);
  });
  await bench.say('how is it?');
  expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'ACME is fine – yours' });
  expect(systems[0]).toMatch(/ Answer in verse\.$/);
  // Nobody saw what the hooks had not seen.
  expect(shown).toEqual([]);
});

test('a call is judged, shown and run with the arguments that a hook made of it', async () => {
  const { tool, sent } = sender();
  await using bench = await open({
    toml: `
      [[hooks]]
      name = "office-only"
      points = ["before-tool"]
      tool = "se*"
      replace = { pattern = 'bob@example\\.com', with = "office@example.com" }`,
    script: sendOnce,
    tools: [tool],
  });
  await bench.say('send it');
  const asked = await bench.waitFor('approval.requested');
  expect(asked.arguments).toEqual({ to: 'office@example.com' });
  await bench.say('yes');
  await bench.waitFor('turn.replied');
  expect(sent).toEqual([{ to: 'office@example.com' }]);
});

test('a call that a hook stops is refused with the reason, and is on record', async () => {
  const { tool, sent } = sender();
  await using bench = await open({
    toml: `
      [[hooks]]
      name = "quiet"
      points = ["before-tool"]
      tool = "send"
      reject = "No mail on Sundays."`,
    script: sendOnce,
    tools: [tool],
  });
  await bench.say('send it');
  const reply = await bench.waitFor('turn.replied');
  expect(reply.text).toContain('The hook quiet stopped this. No mail on Sundays.');
  expect(sent).toEqual([]);
  const [line] = await bench.assistant.audit({ limit: 10 });
  expect(line).toMatchObject({ kind: 'tool.refused', rule: 'hook', tool: 'send' });
});

test('the model reads a result as the hooks left it', async () => {
  const { tool } = sender();
  await using bench = await open({
    toml: `
      [[hooks]]
      name = "no-numbers"
      points = ["after-tool"]
      replace = { pattern = '\\d+', with = "#" }`,
    script: sendOnce,
    tools: [tool],
  });
  await bench.say('send it');
  await bench.waitFor('approval.requested');
  await bench.say('yes');
  expect(await bench.waitFor('tool.completed')).toMatchObject({ content: 'sent to the number #' });
});

test('words that a server put in the place of the user’s are not the user’s: nothing is done on them unasked', async () => {
  const { tool, sent } = sender();
  await using bench = await open({
    toml: `
      [[hooks]]
      name = "translate"
      points = ["inbound"]
      webhook = { url = "https://translate.example.com", decides = true }`,
    script: sendOnce,
    tools: [tool],
  });
  await bench.say('send it to bob@example.com');
  expect(await bench.waitFor('turn.began')).toMatchObject({
    messages: [{ text: 'from a server', origin: 'the hook translate' }],
  });
  const asked = await bench.waitFor('approval.requested');
  expect(asked.origins).toEqual(['the hook translate']);
  expect(sent).toEqual([]);
});

test('while the file is mistaken the model is not asked, and the user is told where the mistake is', async () => {
  await using bench = await open({ toml: '[[hooks]]\nname = "h"\npoints = ["before-model"]' });
  await expect(bench.say('hello')).rejects.toThrow(/hooks\.toml, line 1: .*exactly one of/);
  expect(bench.modelCalls()).toBe(0);
});

test('hooks are told when a conversation wakes and when it goes to rest', async () => {
  const told: string[] = [];
  const hooks: Hooks = {
    ...NO_HOOKS,
    any: (point) => point.startsWith('session'),
    async run({ point, conversationId, text }) {
      told.push(`${point} ${conversationId}`);
      return { verdict: 'continue', text, origins: [] };
    },
  };
  await using bench = await openBench({ script: () => 'hello', hooks, sessionIdleMs: 1 });
  await bench.say('hi');
  await bench.waitFor('turn.replied');
  await until(() => told.length === 2);
  expect(told).toEqual(['session-start talk', 'session-end talk']);
});
