import { describe, expect, onTestFinished, test } from 'vitest';
import { createActor, toPromise } from 'xstate';
import { FREE_AND_WIDE, type Model } from '../src/llm/index.ts';
import type { Environment } from './environment.ts';
import { fixedChoice, type ModelChoice } from './models/choice.ts';
import { routeOf, routing } from './routing.ts';
import { openBench, type Script } from './testing/bench.ts';

const MAIN: Model = {
  ...FREE_AND_WIDE,
  name: 'main',
  complete: async () => ({ ok: false, error: { kind: 'no-credit', message: 'Nothing is left.' } }),
};

/** The played model is the cheap one, beside a main one that is never there. */
const withCheapModel = (played: Model): ModelChoice => ({
  ...fixedChoice(MAIN),
  chains: () => ({ main: [MAIN], cheap: [played], thinking: undefined, chosen: false }),
});

/** The environment of a running tree. */
async function environment(script: Script): Promise<Environment> {
  const seen: Environment[] = [];
  const bench = await openBench({
    script,
    choice: withCheapModel,
    agents: { connect: (env) => seen.push(env), run: async () => ({ ok: false, content: '' }) },
  });
  onTestFinished(() => bench[Symbol.asyncDispose]());
  const [env] = seen;
  if (!env) throw new Error('nobody was told of the tree');
  return env;
}

async function routeFor(env: Environment, text: string, patienceMs = 5_000): Promise<unknown> {
  const input = { env, conversationId: 'talk', turnId: 't', effectId: 'e', text, patienceMs };
  const actor = createActor(routing, { input }).start();
  return (await toPromise(actor)).event;
}

describe('what the cheap model says', () => {
  test('counts, and it is asked for one word about the message', async () => {
    const requests: { readonly system: string; readonly text: string; readonly limit: number | undefined }[] =
      [];
    const env = await environment(({ system, messages, maxOutputTokens: limit }) => {
      requests.push({
        system,
        text: messages.map((message) => ('text' in message ? message.text : '')).join(),
        limit,
      });
      return 'Task.';
    });
    expect(await routeFor(env, 'the blue one')).toEqual({
      type: 'turn.routed',
      effectId: 'e',
      route: 'task',
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.text).toContain('the blue one');
    expect(requests[0]?.limit).toBeLessThanOrEqual(16);
  });

  test.each([
    ['something else', 'I cannot say.'],
    ['both', 'query or task'],
  ])('does not where it is %s', async (_, answer) => {
    const env = await environment(() => answer);
    expect(await routeFor(env, 'the blue one')).toMatchObject({ route: 'query' });
    expect(await routeFor(env, 'Send Bob the report.')).toMatchObject({ route: 'task' });
  });
});

test('where no model answers, the guess of the rules stands', async () => {
  const env = await environment(() => ({ failure: { kind: 'no-credit', message: 'Nothing is left.' } }));
  expect(await routeFor(env, 'the blue one')).toMatchObject({ type: 'turn.routed', route: 'query' });
});

test('nobody waits for a model that does not answer', async () => {
  const env = await environment(() => new Promise(() => {}));
  expect(await routeFor(env, 'the blue one', 20)).toMatchObject({ type: 'turn.routed', route: 'query' });
});

describe('by the rules', () => {
  test('a message is only worth a question where there is a cheap model', async () => {
    const { models } = await environment(() => 'task');
    expect(routeOf('the blue one', undefined, { models })).toEqual({ route: 'query', unsure: true });
    expect(routeOf('the blue one', undefined)).toEqual({ route: 'query', unsure: false });
    const alone = { chain: () => [MAIN] as const };
    expect(routeOf('the blue one', undefined, { models: alone })).toEqual({ route: 'query', unsure: false });
  });

  test('a stranger commands nothing and is worth no question', async () => {
    const { models } = await environment(() => 'task');
    expect(routeOf('/clear', undefined).route).toBe('command');
    expect(routeOf('/clear', 'a mail of eve@x.example', { models })).toEqual({
      route: 'task',
      unsure: false,
    });
    expect(routeOf('the blue one', 'a mail', { models }).unsure).toBe(false);
  });

  test('a fragment goes on with what was before', () => {
    expect(routeOf('the blue one', undefined, { previous: 'task' }).route).toBe('task');
  });
});

test('a turn whose message the rules are unsure of is understood by the cheap model first', async () => {
  await using bench = await openBench({
    script: ({ maxOutputTokens }) => (maxOutputTokens === undefined ? 'Done.' : 'task'),
    choice: withCheapModel,
  });
  await bench.say('the blue one');
  expect(await bench.waitFor('turn.routed')).toMatchObject({ route: 'task' });
  await bench.waitFor('turn.replied');
  expect((await bench.entries()).filter(({ type }) => type === 'turn.routed')).toHaveLength(1);
});
