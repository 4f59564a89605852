import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import type { LiveEvent } from '../../src/core/assistant.ts';
import type { Model } from '../../src/llm/index.ts';
import { type ModelServer, startModelServer } from '../../src/llm/testing/openai-server.ts';
import { type Bench, openBench, until } from '../testing/bench.ts';
import { chainChoice, nodeAt, playedModel, servedModel } from './testing/stage.ts';

/** Whole turns, with what stands around the models in between. */

const MODELS = 'root/capabilities/models';

/** Longer than what is held back of a stream to look for secrets in it. */
const LONG = `Seven ${'is a number with a long story '.repeat(20)}`;

const unused = () => 'the played model was asked';

const benchOver = (first: Model, ...others: readonly Model[]) => {
  const clock = new SimulatedClock();
  const choice = chainChoice({ main: [first, ...others] });
  return openBench({ script: unused, choice: () => choice, clock }).then((bench) =>
    Object.assign(bench, { clock, choice }),
  );
};

const stateOf = ({ system }: Bench, path: string): string | undefined =>
  nodeAt(system.tree(), `${MODELS}/${path}`)?.state;

const firstCall = ({ system }: Bench) => nodeAt(system.tree(), `${MODELS}/calls`)?.children[0];

async function startServer() {
  const server = await startModelServer();
  return Object.assign(server, { [Symbol.asyncDispose]: server.close });
}

function watch(bench: Bench): LiveEvent[] {
  const seen: LiveEvent[] = [];
  bench.assistant.watch('talk', (event) => seen.push(event));
  return seen;
}

const count = async (bench: Bench, type: string): Promise<number> =>
  (await bench.entries()).filter((entry) => entry.type === type).length;

describe('a turn', () => {
  test('whose answer breaks off is told from its beginning, and keeps only what counts', async () => {
    await using server = await startServer();
    server.enqueue(
      { type: 'cut', how: 'socket', text: 'Once upon a time there was a king who' },
      { type: 'answer', text: 'There was a queen.' },
    );
    await using bench = await benchOver(servedModel(server.url, 'first'));
    const seen = watch(bench);
    await bench.say('a tale, please');
    await until(() => firstCall(bench)?.state === 'backingOff');
    bench.clock.increment(2_000);
    const reply = await bench.waitFor('turn.replied');
    expect(reply).toMatchObject({ text: 'There was a queen.', finish: 'answered' });
    const deltas = seen.filter((event) => event.type === 'delta');
    const again = deltas.findLastIndex(({ offset }) => offset === 0);
    expect(again).toBeGreaterThan(0);
    expect(
      deltas
        .slice(again)
        .map(({ text }) => text)
        .join(''),
    ).toBe('There was a queen.');
    expect(seen.filter((event) => event.type === 'progress')).toMatchObject([
      { text: expect.stringContaining('broke off; asking again in 1 s') },
    ]);
    expect(await count(bench, 'model.failed')).toBe(0);
  });

  test('interrupted after another attempt began keeps the text of that one', async () => {
    await using server = await startServer();
    server.enqueue(
      { type: 'cut', how: 'socket', text: 'One two three four five six' },
      { type: 'hang', text: LONG },
    );
    await using bench = await benchOver(servedModel(server.url, 'first'));
    const seen = watch(bench);
    await bench.say('count');
    await until(() => firstCall(bench)?.state === 'backingOff');
    bench.clock.increment(2_000);
    await until(() => seen.some((event) => event.type === 'delta' && event.text.includes('Seven')));
    await bench.input({ type: 'interrupt' });
    expect(await bench.waitFor('turn.replied')).toMatchObject({
      text: expect.stringMatching(/^Seven/),
      finish: 'interrupted',
    });
    await server.abandoned(1);
  });

  test('whose first model is down is answered by the next one, which the record names', async () => {
    await using server = await startServer();
    await using other = await startServer();
    server.enqueue({ type: 'status', status: 401, body: 'no such key' });
    other.enqueue({ type: 'answer', text: 'Here I am.' });
    await using bench = await benchOver(servedModel(server.url, 'first'), servedModel(other.url, 'second'));
    await bench.say('hello');
    expect(await bench.waitFor('turn.replied')).toMatchObject({ finish: 'answered' });
    expect(await bench.waitFor('model.completed')).toMatchObject({
      text: 'Here I am.',
      notices: [expect.stringMatching(/second answered instead\. .*first: /)],
    });
  });

  test('is answered by the model that it began with, whatever is chosen meanwhile; the next one by the other', async () => {
    await using server = await startServer();
    server.enqueue({ type: 'hang', text: 'Old' });
    const before = servedModel(server.url, 'before');
    await using bench = await benchOver(before);
    await bench.say('hello');
    await server.received(1);
    bench.choice.switchTo([playedModel('after', [() => 'new'])]);
    server.enqueue({ type: 'answer', text: 'the old one' });
    server.release();
    await until(() => firstCall(bench)?.state === 'backingOff');
    bench.clock.increment(2_000);
    expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'the old one' });
    await bench.say('hello again');
    await bench.waitFor('turn.replied', ({ text }) => text === 'new');
  });
});

describe('a slash command', () => {
  const ask = async (bench: Bench, text: string): Promise<string> => {
    const inboxId = await bench.say(text);
    const began = await bench.waitFor('turn.began', ({ messages }) =>
      messages.some((one) => one.inboxId === inboxId),
    );
    return (await bench.waitFor('turn.replied', ({ turnId }) => turnId === began.turnId)).text;
  };

  test('says which model is in use, and how much it thinks, and changes both', async () => {
    const requests: unknown[] = [];
    await using bench = await openBench({
      script(request) {
        requests.push(request.thinking);
        return 'done';
      },
    });
    expect(await ask(bench, '/model')).toBe('Model: played\nThinking: as the model is set up.');
    await ask(bench, 'hello');
    expect(await ask(bench, '/thinking HIGH')).toBe('Thinking: high');
    await ask(bench, 'hello');
    expect(await ask(bench, '/thinking much')).toContain('There are off, low, medium, high, default.');
    expect(await ask(bench, '/model other/one')).toContain('uses no other model');
    expect(await ask(bench, '/model default')).toBe('From now on I use played.');
    expect(requests).toEqual([undefined, 'high']);
  });
});

describe('an actor around the models that crashes during a call', () => {
  const hanging = () => {
    const gates: ((text: string) => void)[] = [];
    const model = playedModel('a', [() => new Promise<string>((resolve) => void gates.push(resolve))]);
    return { gates, model };
  };

  test.each(['slots', 'breakers', 'breakers/a'])('%s: the call goes on, and is made once', async (victim) => {
    const { gates, model } = hanging();
    await using bench = await benchOver(model);
    await bench.say('hello');
    await until(() => gates.length === 1 && stateOf(bench, 'breakers/a') !== undefined);
    const before = nodeAt(bench.system.tree(), `${MODELS}/${victim}`)?.incarnation ?? 0;
    expect(bench.assistant.crash(`${MODELS}/${victim}`)).toBe(true);
    await until(() => {
      const node = nodeAt(bench.system.tree(), `${MODELS}/${victim}`);
      return node === undefined || node.incarnation > before;
    });
    gates[0]?.('answered');
    expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'answered', finish: 'answered' });
    expect(model.requests).toHaveLength(1);
    await bench.say('and again');
    await until(() => gates.length === 2);
    gates[1]?.('and again');
    await bench.waitFor('turn.replied', ({ text }) => text === 'and again');
  });

  test.each(['calls', 'the call itself', 'the whole branch'] as const)(
    '%s: the call is made again, and the turn is answered once',
    async (victim) => {
      const { gates, model } = hanging();
      await using bench = await benchOver(model);
      await bench.say('hello');
      await until(() => gates.length === 1);
      const paths = {
        calls: `${MODELS}/calls`,
        'the call itself': firstCall(bench)?.path ?? '',
        'the whole branch': MODELS,
      };
      expect(bench.assistant.crash(paths[victim])).toBe(true);
      await until(() => gates.length === 2);
      expect(model.requests[0]?.signal.aborted).toBe(true);
      gates[0]?.('too late');
      gates[1]?.('answered');
      expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'answered', finish: 'answered' });
      expect(await count(bench, 'turn.replied')).toBe(1);
      expect(await count(bench, 'model.completed')).toBe(1);
    },
  );
});

test('forty conversations with room for four calls are never more than four at the server', async () => {
  const held: (() => void)[] = [];
  const server: ModelServer = await startModelServer({
    fallback: { type: 'answer', text: 'ok', delayMs: 1 },
    pause: () => new Promise((resolve) => void held.push(resolve)),
  });
  const choice = chainChoice({ main: [servedModel(server.url, 'a')] });
  await using bench = await openBench({ script: unused, choice: () => choice, maxConcurrent: 4 });
  const replied = new Set<string>();
  for (let at = 0; at < 40; at++) {
    const conversationId = `talk-${at}`;
    bench.assistant.watch(conversationId, (event) => {
      if (event.type === 'entry' && event.entry.type === 'turn.replied') replied.add(conversationId);
    });
    const input = { type: 'message', text: 'hello', mode: 'queue' } as const;
    await bench.assistant.accept({ channel: 'web', externalId: conversationId, conversationId, input });
  }
  let most = 0;
  for (let released = 0; released < 40; released++) {
    await until(() => held.length >= Math.min(released + 4, 40));
    most = Math.max(most, server.calls() - released);
    held[released]?.();
  }
  await until(() => replied.size === 40);
  expect(most).toBe(4);
  await server.close();
});
