import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InspectBatch } from '../../src/core/inspect.ts';
import type { ActorSystemHandle, sys } from '../../src/runtime/index.ts';
import { createLeakDetector } from '../../src/safety/index.ts';
import { type Bench, openBench, until } from '../testing/bench.ts';
import { createFeed } from './feed.ts';
import { createLetterBox } from './letter-box.ts';
import { createShow } from './show.ts';

const NOTHING = { tree: false, transitions: false, messages: false, actors: [] };
const STILL = { meanMs: 0, p99Ms: 0, maxMs: 0 };

/** A feed whose batches are told when the test says so, over a tree whose recordings are counted. */
function stage(system: () => ActorSystemHandle) {
  let recordings = 0;
  let meters = 0;
  let timers = 0;
  let beat = (): void => {};
  let record = (_fact: sys.RuntimeFact): void => {};
  const letters = createLetterBox(() => 5);
  const counted = (): ActorSystemHandle => {
    const real = system();
    return {
      ...real,
      record(tell) {
        recordings++;
        record = tell;
        const stop = real.record(tell);
        return () => {
          recordings--;
          stop();
        };
      },
    };
  };
  const feed = createFeed({
    system: counted,
    show: createShow(createLeakDetector(), () => true),
    letters,
    now: () => 1_000,
    every: (_, work) => {
      timers++;
      beat = work;
      return () => void timers--;
    },
    startLoopMeter: () => {
      meters++;
      return { read: () => STILL, stop: () => void meters-- };
    },
  });
  return {
    feed,
    letters,
    attached: () => recordings + meters + timers,
    beat: (times = 1) => {
      for (let time = 0; time < times; time++) beat();
    },
    tell: (fact: sys.RuntimeFact) => record(fact),
  };
}

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({ script: () => 'hello' });
});
afterAll(() => bench[Symbol.asyncDispose]());

test('while nobody watches nothing is attached and nothing is kept', async () => {
  const { feed, attached } = stage(() => bench.system);
  expect(attached()).toBe(0);
  const [first, second] = [feed.watch(NOTHING, () => {}), feed.watch(NOTHING, () => {})];
  expect(attached()).toBe(3);
  first();
  first();
  expect(attached()).toBe(3);
  second();
  expect(attached()).toBe(0);
  expect(feed.recent('root/conversations/router')).toEqual([]);
});

test('a watcher is told the tree at once, and what happens in batches', async () => {
  const { feed, beat } = stage(() => bench.system);
  const batches: InspectBatch[] = [];
  const turn = 'root/conversations/sessions/talk/turn';
  const stop = feed.watch({ tree: true, transitions: true, messages: true, actors: [turn] }, (batch) =>
    batches.push(batch),
  );
  expect(batches[0]).toMatchObject({ tree: { id: 'root' }, transitions: [], pulse: { now: 1_000 } });
  await bench.say('hi');
  await bench.waitFor('turn.replied');
  await until(() => feed.recent(turn).length === 2);
  beat(3);
  stop();
  const transitions = batches.flatMap((batch) => batch.transitions);
  const messages = batches.flatMap((batch) => batch.messages);
  expect(transitions.map(({ seq }) => seq)).toEqual(
    transitions.map(({ seq }) => seq).toSorted((a, b) => a - b),
  );
  const ofTurn = transitions.filter(({ actor }) => actor === turn);
  expect(ofTurn).toMatchObject([
    { event: 'turn.began', from: 'routing', to: 'thinking', standing: { active: ['turn', 'turn.thinking'] } },
    {
      event: 'model.completed',
      from: 'thinking',
      to: 'done',
      taken: ['turn.thinking:model.completed:5', 'turn.replying::0'],
    },
  ]);
  expect(messages).toContainEqual(
    expect.objectContaining({ from: null, to: 'root/conversations/router', event: 'inbound.accepted' }),
  );
  expect(batches.some(({ tree }, place) => place > 0 && tree !== undefined)).toBe(true);
});

test('where too much happens, what was left out is counted', async () => {
  const { feed, beat, tell } = stage(() => bench.system);
  const batches: InspectBatch[] = [];
  const stop = feed.watch({ ...NOTHING, messages: true }, (batch) => batches.push(batch));
  for (let n = 0; n < 700; n++) tell({ kind: 'message', from: 'root/a', to: 'root/b', event: { type: 'x' } });
  beat();
  tell({ kind: 'message', from: 'root/a', to: 'root/b', event: { type: 'after' } });
  beat();
  stop();
  expect(batches.map(({ messages, dropped }) => [messages.length, dropped])).toEqual([
    [0, 0],
    [500, 200],
    [1, 0],
  ]);
  expect(batches[2]?.messages[0]?.seq).toBe(701);
});

test('messages hold no secret, and say whose words they hold', async () => {
  const { feed, beat, tell, letters } = stage(() => bench.system);
  const batches: InspectBatch[] = [];
  const stop = feed.watch({ ...NOTHING, messages: true }, (batch) => batches.push(batch));
  const key = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
  const event = { type: 'tool.completed', content: `token ${key}`, origins: ['the page evil.example'] };
  tell({ kind: 'message', from: undefined, to: 'root/b', event });
  letters.add({ type: 'dead_letter', receiver: 'root/b', event, reason: 'receiver-stopped' });
  beat();
  stop();
  expect(JSON.stringify(batches)).not.toContain('a1B2c3D4e5F6');
  expect(batches[1]?.messages).toMatchObject([{ from: null, origins: ['the page evil.example'] }]);
  expect(batches[1]?.deadLetters).toMatchObject([{ id: 'm1', at: 5, reason: 'receiver-stopped' }]);
});

test('a watcher that throws is left out, the others are served', async () => {
  const { feed, beat, tell, attached } = stage(() => bench.system);
  let served = 0;
  feed.watch({ ...NOTHING, messages: true }, () => {
    throw new Error('a bad watcher');
  });
  const stop = feed.watch({ ...NOTHING, messages: true }, () => served++);
  tell({ kind: 'message', from: undefined, to: 'root/b', event: { type: 'x' } });
  beat();
  expect(served).toBe(2);
  stop();
  expect(attached()).toBe(0);
});
