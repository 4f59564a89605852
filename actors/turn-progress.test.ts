import { expect, test } from 'vitest';
import type { JournalEntry } from '../src/core/journal.ts';
import { openBench, type Script } from './testing/bench.ts';
import { lookTool } from './testing/look-tool.ts';

const look = (call: number, args = {}) => ({ callId: `call-${call}`, tool: 'look', arguments: args });
const always: Script = ({ tools }, call) =>
  tools.length > 0 ? { calls: [look(call)] } : 'this is what I know';
const nudges = (entries: readonly JournalEntry[]) =>
  entries.flatMap((entry) => (entry.type === 'turn.nudged' ? [entry.reason] : []));

test('a model that makes the same call again and again is told so, and then asked for its last word', async () => {
  const { tool, runs } = lookTool(() => 'no such file', false);
  await using bench = await openBench({ script: always, tools: [tool], iterations: 50 });
  await bench.say('find it');
  const reply = await bench.waitFor('turn.replied');
  expect(reply.finish).toBe('limited');
  expect(reply.text).toMatch(/^this is what I know\n\nI stopped because the same step kept/);
  expect(runs()).toBe(5);
  expect(nudges(await bench.entries())).toEqual(['repeating', 'repeating', 'no-progress']);
});

test('a call that brings something new each time is progress, however often it is made', async () => {
  const { tool, runs } = lookTool((run) => `line ${run}`);
  const script: Script = (_, call) => (call < 9 ? { calls: [look(call)] } : 'read all of it');
  await using bench = await openBench({ script, tools: [tool], iterations: 50 });
  await bench.say('read on');
  expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'read all of it', finish: 'answered' });
  expect(runs()).toBe(8);
  expect(nudges(await bench.entries())).toEqual([]);
});

test('a call that is refused again and again counts as well', async () => {
  const script: Script = ({ tools }, call) =>
    tools.length > 0
      ? { calls: [{ callId: `c${call}`, tool: 'lok', arguments: {} }] }
      : 'there is no such tool';
  await using bench = await openBench({ script, tools: [lookTool(() => '').tool], iterations: 50 });
  await bench.say('do it');
  expect(await bench.waitFor('turn.replied')).toMatchObject({ finish: 'limited' });
  expect(nudges(await bench.entries())).toEqual(['repeating', 'repeating', 'no-progress']);
});

test('the last call of a turn has no tools, and the one before it is announced', async () => {
  const { tool, runs } = lookTool((run) => `line ${run}`);
  const offered: number[] = [];
  const script: Script = (request, call) => {
    offered.push(request.tools.length);
    return always(request, call);
  };
  await using bench = await openBench({ script, tools: [tool], iterations: 5 });
  await bench.say('go');
  const reply = await bench.waitFor('turn.replied');
  expect(reply.text).toBe(
    'this is what I know\n\nI stopped after 5 steps without finishing. Say "go on" and I will continue.',
  );
  expect(offered).toEqual([1, 1, 1, 1, 0]);
  expect(runs()).toBe(4);
  expect(nudges(await bench.entries())).toEqual(['limit-near', 'limit-reached']);
});

test('a turn ends with its tokens', async () => {
  const { tool, runs } = lookTool((run) => `line ${run}`);
  await using bench = await openBench({ script: always, tools: [tool], iterations: 50, tokens: 6 });
  await bench.say('go');
  const reply = await bench.waitFor('turn.replied');
  expect(reply).toMatchObject({ finish: 'limited' });
  expect(reply.text).toContain("at the limit of a turn's work");
  // Two tokens a model call.
  expect(runs()).toBe(3);
});

test('an answer that only says what it will do is asked to do it, twice at most', async () => {
  const { tool } = lookTool(() => 'found');
  const script: Script = (_, call) => (call === 2 ? { calls: [look(call)] } : "I'll look for it now.");
  await using bench = await openBench({ script, tools: [tool], iterations: 50 });
  await bench.say('find it');
  expect(await bench.waitFor('turn.replied')).toMatchObject({ finish: 'answered' });
  expect(nudges(await bench.entries())).toEqual(['announced', 'announced']);
  expect(bench.modelCalls()).toBe(4);
});

test('calls that were cut off are not run, and are asked for again', async () => {
  const { tool, runs } = lookTool(() => 'found');
  const script: Script = (_, call) => {
    if (call === 1) return { calls: [look(call, { half: true })], cut: true };
    return call === 2 ? { calls: [look(call)] } : 'done';
  };
  await using bench = await openBench({ script, tools: [tool], iterations: 50 });
  await bench.say('find it');
  expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'done', finish: 'answered' });
  expect(runs()).toBe(1);
  expect(nudges(await bench.entries())).toEqual(['cut-off']);
});

test('a message that comes with the last step is seen before the turn ends', async () => {
  const { tool } = lookTool((run) => `line ${run}`);
  let seen = 0;
  const script: Script = async (request, call) => {
    if (request.tools.length === 0 && seen++ === 0) {
      await bench.say('and this?', 'steer');
      await bench.waitFor('turn.steered');
    }
    return always(request, call);
  };
  await using bench = await openBench({ script, tools: [tool], iterations: 3 });
  await bench.say('go');
  await bench.waitFor('turn.replied');
  const entries = await bench.entries();
  const steered = entries.findIndex(({ type }) => type === 'turn.steered');
  const asked = entries.findLastIndex(({ type }) => type === 'model.requested');
  expect(steered).toBeGreaterThan(0);
  expect(asked).toBeGreaterThan(steered);
});
