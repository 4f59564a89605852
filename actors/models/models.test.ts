import { describe, expect, test } from 'vitest';
import { startModelServer } from '../../src/llm/testing/openai-server.ts';
import type { Statement } from '../../src/storage/index.ts';
import { until } from '../testing/bench.ts';
import { HELLO, nodeAt, openStage, playedModel, type Stage, servedModel } from './testing/stage.ts';

/** What stands around the models, with a clock that stands still unless it is told to go. */

const down = () => DOWN;
const answered = (text: string, model?: string) => ({
  result: { ok: true, value: { text, ...(model && { model }) } },
});
const failed = (kind: string) => ({ result: { ok: false, error: { kind } } });

describe('a call that fails in a way that may pass', () => {
  test('is made again when the server said that it may be', async () => {
    await using server = await startServer();
    const busy = { type: 'status', status: 429, headers: { 'retry-after': '7' }, body: 'busy' } as const;
    server.enqueue(busy, { type: 'answer', text: 'here' });
    await using stage = await openStage({ main: [servedModel(server.url, 'first')] });
    const outcome = stage.ask();
    await until(() => stage.stateOf('calls/answer-1') === 'backingOff');
    expect(stage.progress).toEqual(['openai-compatible/first is busy; asking again in 7 s']);
    stage.clock.increment(6_999);
    expect(stage.stateOf('calls/answer-1')).toBe('backingOff');
    stage.clock.increment(1);
    expect(await outcome).toMatchObject(answered('here'));
    expect(server.calls()).toBe(2);
  });

  test.each([
    [0, 750],
    [0.999, 1_250],
  ])('is made again after a second, a quarter more or less (%d)', async (random, waitMs) => {
    const model = playedModel('a', [down, () => 'here']);
    await using stage = await openStage({ main: [model], random: () => random });
    const outcome = stage.ask();
    await until(() => stage.stateOf('calls/answer-1') === 'backingOff');
    stage.clock.increment(waitMs - 2);
    expect(stage.stateOf('calls/answer-1')).toBe('backingOff');
    stage.clock.increment(2);
    expect(await outcome).toMatchObject(answered('here'));
  });

  test('is made three times at most, each time later, and then fails as the last one did', async () => {
    const model = playedModel('a', [down]);
    await using stage = await openStage({ main: [model] });
    const outcome = stage.ask();
    for (const [at, waitMs] of [1_000, 2_000].entries()) {
      await until(() => stage.progress.length === at + 1);
      stage.clock.increment(waitMs - 1);
      expect(model.requests).toHaveLength(at + 1);
      stage.clock.increment(1);
    }
    expect(await outcome).toMatchObject({ result: { error: { kind: 'unavailable', message: 'a is down' } } });
    expect(model.requests).toHaveLength(3);
  });

  test('is not waited for where the server wants to be left alone for longer than a minute', async () => {
    const busy = playedModel('busy', [() => ({ kind: 'rate-limited', retryAfterMs: 61_000 })]);
    await using stage = await openStage({ main: [busy, playedModel('other', [() => 'here'])] });
    expect(await stage.ask()).toMatchObject(answered('here', 'other'));
    expect(busy.requests).toHaveLength(1);
  });

  test('after minutes of silence is given to the next model at once, and made again where there is none', async () => {
    const silent = playedModel('silent', [() => ({ kind: 'timeout' }), () => 'late']);
    await using pair = await openStage({ main: [silent, playedModel('other', [() => 'here'])] });
    expect(await pair.ask()).toMatchObject(answered('here', 'other'));
    const alone = playedModel('silent', [() => ({ kind: 'timeout' }), () => 'late']);
    await using single = await openStage({ main: [alone] });
    const outcome = single.ask();
    await until(() => single.stateOf('calls/answer-1') === 'backingOff');
    single.clock.increment(1_000);
    expect(await outcome).toMatchObject(answered('late'));
  });
});

describe('a model that cannot answer', () => {
  test.each(['unauthorized', 'unknown-model', 'no-credit', 'bad-response'] as const)(
    'for a reason that stays (%s) gives way to the next, and the user is told',
    async (kind) => {
      const first = playedModel('first', [() => ({ kind, message: 'It cannot.' })]);
      await using stage = await openStage({ main: [first, playedModel('second', [() => 'here'])] });
      const { result } = await stage.ask();
      expect(result).toMatchObject({
        ok: true,
        value: { text: 'here', notices: ['second answered instead. first: It cannot.'] },
      });
      expect(first.requests).toHaveLength(1);
      expect(stage.progress).toEqual(['trying second']);
    },
  );

  test('is named with all the others where nobody could', async () => {
    const main = [
      playedModel('first', [() => ({ kind: 'no-credit', message: 'No credit.' })]),
      playedModel('second', [() => ({ kind: 'unauthorized', message: 'Wrong key.' })]),
    ] as const;
    await using stage = await openStage({ main });
    expect((await stage.ask()).result).toMatchObject({
      ok: false,
      error: {
        kind: 'unauthorized',
        message: 'None of the language models could answer.\n- first: No credit.\n- second: Wrong key.',
      },
    });
  });

  test('because it is too much for it ends the call: it can be summed up, and no other is asked', async () => {
    const other = playedModel('other', [() => 'here']);
    const first = playedModel('first', [() => ({ kind: 'context-too-long' })]);
    await using stage = await openStage({ main: [first, other] });
    expect(await stage.ask()).toMatchObject(failed('context-too-long'));
    expect(other.requests).toHaveLength(0);
  });
});

describe('an aside', () => {
  test('goes to the cheap models, then to the main ones, and is thought about no longer than need be', async () => {
    const cheap = playedModel('cheap', [() => 'small talk', () => ({ kind: 'unauthorized' })]);
    const main = playedModel('main', [() => 'here']);
    await using stage = await openStage({ main: [main], cheap: [cheap] });
    expect(await stage.ask({ purpose: 'aside' })).toMatchObject(answered('small talk', 'cheap'));
    expect(await stage.ask({ purpose: 'aside' })).toMatchObject(answered('here', 'main'));
    expect(cheap.requests[0]).toMatchObject({ thinking: 'off' });
  });

  test('that was asked before costs nothing, for as long as answers are kept', async () => {
    const model = playedModel('a', [() => 'one', () => 'two']);
    await using stage = await openStage({ main: [model], cacheMs: 60_000 });
    const ask = async () => (await stage.ask({ purpose: 'aside' })).result;
    expect(await ask()).toMatchObject({ value: { text: 'one', usage: { inputTokens: 100 } } });
    expect(await ask()).toMatchObject({ value: { text: 'one', usage: { inputTokens: 0, outputTokens: 0 } } });
    const other = { ...HELLO, system: 'Be brief.' };
    expect(await stage.ask({ purpose: 'aside', request: other })).toMatchObject(answered('two'));
    expect(await stage.ask()).toMatchObject(answered('two'));
    stage.clock.increment(60_001);
    expect(await ask()).toMatchObject({ value: { text: 'two' } });
    expect(model.requests).toHaveLength(4);
  });
});

describe('a breaker', () => {
  /** Two models, of which the first is down until it is healed, and everything that follows from it. */
  async function openPair() {
    const health = { isDown: true };
    const first = playedModel('first', [() => (health.isDown ? DOWN : 'here')]);
    const stage = await openStage({ main: [first, playedModel('second', [() => 'instead'])] });
    // The breaker comes to life beside the first call.
    stage.models.breakers.restOf('first', stage.system.find('root/calls') ?? expect.fail());
    await until(() => stage.stateOf('breakers/first') === 'closed');
    return { stage, first, health };
  }

  const openedPair = async () => {
    const pair = await openPair();
    await askThroughWaits(pair.stage, pair.first);
    const last = await askThroughWaits(pair.stage, pair.first);
    expect(pair.first.requests).toHaveLength(5);
    expect(pair.stage.stateOf('breakers/first')).toBe('open');
    return { ...pair, last };
  };

  test('opens after five failures in a row: the sixth call does not even try', async () => {
    await using pair = disposing(await openedPair());
    expect(pair.last).toMatchObject(answered('instead', 'second'));
    const { result } = await pair.stage.ask();
    expect(result).toMatchObject({
      value: { text: 'instead', notices: [expect.stringContaining('first failed again and again')] },
    });
    expect(pair.first.requests).toHaveLength(5);
    expect((await pair.stage.models.desk.status()).main).toMatchObject([
      { reference: 'first', state: 'open', lastFailure: 'first is down' },
      { reference: 'second', state: 'closed', lastFailure: null },
    ]);
  });

  test('counts failures in a row only', async () => {
    await using pair = disposing(await openPair());
    await askThroughWaits(pair.stage, pair.first);
    pair.health.isDown = false;
    expect(await pair.stage.ask()).toMatchObject(answered('here'));
    pair.health.isDown = true;
    await askThroughWaits(pair.stage, pair.first);
    expect(pair.stage.stateOf('breakers/first')).toBe('closed');
  });

  test('lets one call at a time try after half a minute, and closes after the second success', async () => {
    await using pair = disposing(await openedPair());
    const { stage, first, health } = pair;
    health.isDown = false;
    stage.clock.increment(29_999);
    expect(stage.stateOf('breakers/first')).toBe('open');
    stage.clock.increment(1);
    await until(() => stage.stateOf('breakers/first') === 'halfOpen.waiting');
    const answers = await Promise.all([stage.ask(), stage.ask()]);
    expect(answers.map(({ result }) => result.ok && result.value.model).sort()).toEqual(['first', 'second']);
    expect(await stage.ask()).toMatchObject(answered('here', 'first'));
    await until(() => stage.stateOf('breakers/first') === 'closed');
    expect(first.requests).toHaveLength(7);
  });

  test('whose trial fails waits twice as long, five minutes at most', async () => {
    await using pair = disposing(await openedPair());
    const { stage, first } = pair;
    for (const cooldownMs of [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
      stage.clock.increment(cooldownMs - 1);
      expect(stage.stateOf('breakers/first')).toBe('open');
      stage.clock.increment(1);
      await until(() => stage.stateOf('breakers/first') === 'halfOpen.waiting');
      const before = first.requests.length;
      const outcome = stage.ask();
      await until(() => first.requests.length > before && stage.stateOf('breakers/first') === 'open');
      // The call that tried waits, finds the breaker open, and goes on to the next model.
      await until(() => stage.progress.at(-1)?.startsWith('first is in trouble') === true);
      stage.clock.increment(1_000);
      expect(await outcome).toMatchObject(answered('instead'));
    }
  });

  test('makes room for the next trial when one is given up', async () => {
    await using pair = disposing(await openedPair());
    const { stage, first } = pair;
    stage.clock.increment(30_000);
    await until(() => stage.stateOf('breakers/first') === 'halfOpen.waiting');
    pair.health.isDown = false;
    const hanging = playedModel('first', [() => new Promise<string>(() => {})]);
    first.complete = hanging.complete;
    const controller = new AbortController();
    const outcome = stage.ask({}, controller.signal);
    await until(() => hanging.requests.length === 1);
    expect(stage.stateOf('breakers/first')).toBe('halfOpen.trying');
    controller.abort();
    expect(await outcome).toMatchObject(failed('interrupted'));
    await until(() => stage.stateOf('breakers/first') === 'halfOpen.waiting');
  });

  test('that crashes protects nobody for a moment, and nothing depends on it', async () => {
    await using pair = disposing(await openedPair());
    const { stage, health } = pair;
    health.isDown = false;
    stage.system.crash('root/breakers/first');
    await until(() => stage.stateOf('breakers/first') === 'closed');
    expect(await stage.ask()).toMatchObject(answered('here', 'first'));
    stage.system.crash('root/breakers');
    expect(await stage.ask()).toMatchObject(answered('here', 'first'));
  });
});

describe('the slots', () => {
  /** Forty calls of a server that answers when it is told to, with room for four. */
  async function openCrowd() {
    const gates: (() => void)[] = [];
    const model = playedModel('a', [
      () => new Promise<string>((resolve) => void gates.push(() => resolve('here'))),
    ]);
    const stage = await openStage({ main: [model], maxConcurrent: 4 });
    const most = { atOnce: 0 };
    let released = 0;
    const release = (): void => {
      most.atOnce = Math.max(most.atOnce, gates.length - released);
      gates[released++]?.();
    };
    return { stage, model, gates, release, most, atOnce: () => gates.length - released };
  }

  test('let four of forty calls run at once, in the order in which they came', async () => {
    await using crowd = disposing(await openCrowd());
    const { stage, model, gates, release, most } = crowd;
    const outcomes = Array.from({ length: 40 }, (_, at) =>
      stage.ask({ request: { ...HELLO, system: String(at) } }),
    );
    await until(() => gates.length === 4);
    expect(await stage.models.desk.status()).toMatchObject({ running: 4, waiting: 36, maxConcurrent: 4 });
    for (let at = 0; at < 40; at++) {
      await until(() => gates.length >= Math.min(at + 4, 40));
      release();
    }
    expect(await Promise.all(outcomes)).toHaveLength(40);
    expect(most.atOnce).toBe(4);
    // The first four come to the model side by side, each of the others when one of them has ended.
    const order = model.requests.map(({ system }) => Number(system));
    expect(order.slice(4)).toEqual(Array.from({ length: 36 }, (_, at) => at + 4));
  });

  test('know after a crash who runs, and who waited asks anew', async () => {
    await using crowd = disposing(await openCrowd());
    const { stage, gates, release, most } = crowd;
    const outcomes = Array.from({ length: 12 }, () => stage.ask());
    await until(() => gates.length === 4);
    const before = nodeAt(stage.system.tree(), 'root/slots')?.incarnation;
    stage.system.crash('root/slots');
    await until(() => nodeAt(stage.system.tree(), 'root/slots')?.incarnation === Number(before) + 1);
    for (let at = 0; at < 12; at++) {
      await until(() => gates.length >= Math.min(at + 4, 12));
      release();
    }
    expect(await Promise.all(outcomes)).toHaveLength(12);
    expect(most.atOnce).toBe(4);
  });

  test('are free again when a call is given up, or its actor is lost', async () => {
    await using crowd = disposing(await openCrowd());
    const { stage, gates } = crowd;
    const controller = new AbortController();
    const given = [1, 2].map(() => stage.ask({}, controller.signal));
    const lost = [1, 2].map(() => stage.ask());
    const caught = Promise.allSettled(lost);
    await until(() => gates.length === 4);
    const waiting = [1, 2, 3, 4].map(() => stage.ask());
    controller.abort();
    for (const at of [3, 4]) stage.system.crash(`root/calls/answer-${at}`);
    expect(await Promise.all(given)).toMatchObject([failed('interrupted'), failed('interrupted')]);
    expect((await caught).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await until(() => gates.length === 8);
    for (const gate of gates) gate();
    await Promise.all(waiting);
  });
});

describe('a call that is stopped', () => {
  test('while it waits for its turn, or for another try, ends at once and asks nobody', async () => {
    const model = playedModel('a', [() => new Promise<string>(() => {})]);
    await using stage = await openStage({ main: [model], maxConcurrent: 1 });
    const first = new AbortController();
    const running = stage.ask({}, first.signal);
    await until(() => model.requests.length === 1);
    const controller = new AbortController();
    const waiting = stage.ask({}, controller.signal);
    await until(() => stage.stateOf('calls/answer-2') === 'queueing');
    controller.abort();
    expect(await waiting).toMatchObject(failed('interrupted'));
    first.abort();
    expect(await running).toMatchObject(failed('interrupted'));
    expect(model.requests[0]?.signal.aborted).toBe(true);
    expect(model.requests).toHaveLength(1);
    await until(() => nodeAt(stage.system.tree(), 'root/calls')?.children.length === 0);
  });

  test('while it waits for another try', async () => {
    const model = playedModel('a', [() => DOWN, () => 'here']);
    await using stage = await openStage({ main: [model] });
    const controller = new AbortController();
    const outcome = stage.ask({}, controller.signal);
    await until(() => stage.stateOf('calls/answer-1') === 'backingOff');
    controller.abort();
    expect(await outcome).toMatchObject({ ...failed('interrupted'), writes: [] });
    stage.clock.increment(10_000);
    expect(model.requests).toHaveLength(1);
  });
});

describe('money', () => {
  const price = { input: 1, output: 10 };

  test('is set aside before the call, and what it did cost is committed with its outcome', async () => {
    const model = playedModel('a', [() => 'here'], { price });
    await using stage = await openStage({ main: [model], limits: { dayMicroUsd: 1_000_000 } });
    const { result, writes } = await stage.ask();
    expect(result).toMatchObject({ value: { costMicroUsd: 200 } });
    expect(model.requests[0]).toMatchObject({ maxOutputTokens: 16_000 });
    const reserved = async () =>
      (await stage.database.query<{ reserved: number; spent: number }>('select reserved, spent from budget'))
        .rows;
    expect(Number((await reserved())[0]?.reserved)).toBeGreaterThanOrEqual(160_000);
    await commit(stage, writes);
    expect(
      (await reserved()).map(({ spent, reserved: held }) => [Number(spent), Number(held)]),
    ).toContainEqual([200, 0]);
  });

  test('that is not there ends the call before anybody is asked', async () => {
    const model = playedModel('a', [() => 'here'], { price });
    await using stage = await openStage({ main: [model], limits: { dayMicroUsd: 100_000 } });
    const { result, writes } = await stage.ask();
    expect(result).toMatchObject({
      error: { kind: 'budget', budget: { limitMicroUsd: 100_000, spentMicroUsd: 0 } },
    });
    expect(writes).toEqual([]);
    expect(model.requests).toHaveLength(0);
  });

  test('is given back where nobody began to answer', async () => {
    const model = playedModel('a', [() => ({ kind: 'unauthorized' })], { price });
    await using stage = await openStage({ main: [model], limits: { dayMicroUsd: 1_000_000 } });
    const { writes } = await stage.ask();
    await commit(stage, writes);
    const { rows } = await stage.database.query<{ held: number }>(
      'select sum(reserved + spent)::int as held from budget',
    );
    expect(rows).toEqual([{ held: 0 }]);
  });
});

const DOWN = { kind: 'unavailable' } as const;

async function commit({ database }: Stage, [first, ...others]: readonly Statement[]): Promise<void> {
  expect(first).toBeDefined();
  if (first) await database.commit([first, ...others]);
}

/** Asks, and lets every wait of the call pass as soon as it begins. */
async function askThroughWaits(stage: Stage, model: { readonly requests: readonly unknown[] }) {
  let over = false;
  const outcome = stage.ask().finally(() => {
    over = true;
  });
  let waited = 0;
  const waits = (): number => stage.progress.filter((text) => text.includes('asking again')).length;
  for (const begun = waits(); !over; ) {
    await until(() => over || waits() > begun + waited);
    if (over) break;
    waited += 1;
    const asked = model.requests.length;
    stage.clock.increment(2_000);
    await until(
      () => over || model.requests.length > asked || stage.progress.at(-1)?.startsWith('trying') === true,
    );
  }
  return outcome;
}

const disposing = <T extends { readonly stage: Stage }>(part: T): T & AsyncDisposable => ({
  ...part,
  [Symbol.asyncDispose]: () => part.stage[Symbol.asyncDispose](),
});

async function startServer() {
  const server = await startModelServer();
  return { ...server, [Symbol.asyncDispose]: server.close };
}
