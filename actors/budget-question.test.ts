import { expect, test } from 'vitest';
import type { Model } from '../src/llm/index.ts';
import { fixedChoice } from './models/choice.ts';
import { openBench, type Script } from './testing/bench.ts';
import { lookTool } from './testing/look-tool.ts';

/** A call of one token in and one out costs two dollars; the most one may cost is a little more than four. */
const dear = (model: Model): Model => ({
  ...model,
  limits: { contextTokens: 100_000, outputTokens: 1, vision: false },
  price: { input: 0, output: 2_000_000 },
});

const limits = (dayUsd: number) => ({
  dayMicroUsd: dayUsd * 1e6,
  monthMicroUsd: 0,
  conversationMicroUsd: 0,
  turnMicroUsd: 0,
  agentMicroUsd: 0,
});

const looking: Script = (_, call) =>
  call < 3 ? { calls: [{ callId: `c${call}`, tool: 'look', arguments: {} }] } : 'all seen';

const open = (dayUsd: number) =>
  openBench({
    script: looking,
    tools: [lookTool((run) => `seen ${run}`).tool],
    iterations: 20,
    choice: (played) => fixedChoice(dear(played)),
    limits: limits(dayUsd),
  });

test('a budget that is used up is a question to the user; a yes goes on where it stopped', async () => {
  await using bench = await open(5);
  await bench.say('look around');
  const asked = await bench.waitFor('approval.requested');
  expect(asked).toMatchObject({
    tool: 'budget',
    allowAlways: false,
    arguments: { limit_usd: 5, spent_usd: 4 },
  });
  expect(asked.reason).toMatch(/^Today's budget of \$5\.00 is used up/);
  expect(bench.modelCalls()).toBe(2);
  expect(await bench.assistant.pendingApprovals()).toMatchObject([{ tool: 'budget' }]);
  await bench.say('yes');
  const reply = await bench.waitFor('turn.replied');
  expect(reply).toMatchObject({ finish: 'answered', text: expect.stringContaining('all seen') });
  expect(bench.modelCalls()).toBe(3);
  expect(await bench.assistant.pendingApprovals()).toEqual([]);
});

test('a no ends the turn, and says why; the next turn is asked about again', async () => {
  await using bench = await open(5);
  await bench.say('look around');
  await bench.waitFor('approval.requested');
  await bench.say('no');
  const reply = await bench.waitFor('turn.replied');
  expect(reply.text).toMatch(/^I stopped here, because the budget is used up/);
  expect(reply.finish).toBe('limited');
  await bench.say('go on');
  await bench.waitFor('approval.requested', ({ seq }) => seq > reply.seq);
});

test('the question outlives a restart, and is withdrawn where the turn is interrupted', async () => {
  await using bench = await open(5);
  await bench.say('look around');
  await bench.waitFor('approval.requested');
  await bench.restart();
  expect(await bench.assistant.pendingApprovals()).toMatchObject([{ tool: 'budget' }]);
  await bench.input({ type: 'interrupt' });
  expect(await bench.waitFor('turn.replied')).toMatchObject({ finish: 'interrupted' });
  expect(await bench.assistant.pendingApprovals()).toEqual([]);
  expect(bench.modelCalls()).toBe(2);
});

test('where nobody is there to be asked the turn ends with the reason', async () => {
  await using bench = await open(5);
  await bench.input({ type: 'message', text: 'look around', mode: 'queue', unattended: true });
  const reply = await bench.waitFor('turn.replied');
  expect(reply).toMatchObject({
    finish: 'failed',
    text: expect.stringMatching(/budget of \$5\.00 is used up/),
  });
});

test('the user is told once that most of a budget is used', async () => {
  await using bench = await open(7);
  await bench.say('look around');
  const reply = await bench.waitFor('turn.replied');
  expect(reply.text).toMatch(/all seen\n\n85 % of today's budget is used: \$6\.00 of \$7\.00/);
});
