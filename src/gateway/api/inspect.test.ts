import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLazyInspector, createLetterBox, type LetterBox } from '../../../actors/inspection/index.ts';
import { type Bench, openBench } from '../../../actors/testing/bench.ts';
import { type Asked, ask, askAsOwner } from '../testing/ask.ts';
import { readEvents } from '../testing/event-reader.ts';
import { type RunningGateway, runGateway } from '../testing/running-gateway.ts';

let bench: Bench;
let letters: LetterBox;
let running: RunningGateway;
let turnId: string;

beforeAll(async () => {
  bench = await openBench({ script: () => 'hello to you' });
  letters = createLetterBox(() => 7);
  const inspector = createLazyInspector({ env: bench.env, system: () => bench.system, letters });
  running = await runGateway({ inspector });
  await bench.say('hello');
  turnId = (await bench.waitFor('turn.replied')).turnId;
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const get = (path: string, asked: Asked = {}) => askAsOwner(running, `/api/inspect/${path}`, asked);
const post = (path: string, body?: unknown) =>
  get(path, { method: 'POST', ...(body !== undefined && { body }) });

test('nobody looks inside who is not logged in', async () => {
  for (const path of [
    'tree',
    'actor?path=root',
    'charts',
    'events',
    `turns?conversation=talk`,
    'dead-letters',
  ]) {
    expect((await ask(running, `/api/inspect/${path}`)).status).toBe(401);
  }
  const restart = { method: 'POST', body: { path: 'root/time', confirm: 'root/time' } };
  expect((await ask(running, '/api/inspect/restart', restart)).status).toBe(401);
});

test('where the assistant was started without inspection, that is said', async () => {
  await using blind = await runGateway();
  expect(await askAsOwner(blind, '/api/inspect/charts')).toMatchObject({
    status: 501,
    json: { error: { code: 'not-supported' } },
  });
});

describe('an actor', () => {
  test('is shown with its chart', async () => {
    const { status, json } = await get('actor?path=root/conversations/sessions/talk');
    expect(status).toBe(200);
    expect(json).toMatchObject({ node: { id: 'talk' }, standing: { active: ['session', 'session.idle'] } });
    const { chart } = Object(json);
    expect((await get(`charts/${chart}`)).json).toMatchObject({ id: 'session', hash: chart });
  });

  test('that is not there, or is asked for wrongly, is answered with what is wrong', async () => {
    expect(await get('actor?path=root/nobody')).toMatchObject({
      status: 404,
      json: { error: { code: 'not-found' } },
    });
    expect(await get('actor')).toMatchObject({ status: 400, json: { error: { field: 'query.path' } } });
    expect(await get('actor?path=../etc')).toMatchObject({
      status: 400,
      json: { error: { field: 'query.path' } },
    });
    expect((await get('charts/0000000000000000')).status).toBe(404);
    expect((await get('charts/zzz')).status).toBe(400);
  });
});

test('every statechart is listed', async () => {
  const { json } = await get('charts');
  expect(Object(json).charts.map(({ id }: { id: string }) => id)).toContain('turn');
});

describe('a turn', () => {
  test('is listed, told step by step, as a sequence and as a test', async () => {
    expect((await get('turns?conversation=talk')).json).toMatchObject({
      turns: [{ turnId, finish: 'answered' }],
    });
    const of = `turns/${turnId}`;
    expect((await get(`${of}?conversation=talk`)).json).toMatchObject({
      turnId,
      diverged: null,
      steps: [{ to: 'routing' }, { to: 'thinking' }, { to: 'done' }],
    });
    expect((await get(`${of}/sequence?conversation=talk`)).json).toMatchObject({
      lanes: [{ id: 'user' }, {}, {}, {}, {}],
    });
    expect(Object((await get(`${of}/test?conversation=talk`)).json).test).toContain("from 'vitest'");
  });

  test('of another conversation is not found', async () => {
    expect((await get(`turns/${turnId}?conversation=other`)).status).toBe(404);
    expect((await get(`turns/${turnId}`)).status).toBe(400);
    expect((await get('turns?conversation=other')).json).toEqual({ turns: [] });
  });
});

test('what happens is told as it happens, to whoever listens', async () => {
  const events = await readEvents(
    running,
    '/api/inspect/events?tree&transitions&actor=root/conversations/sessions/talk',
  );
  const first = await events.next();
  expect(first).toMatchObject({ event: 'batch', data: { tree: { id: 'root' }, dropped: 0, pulse: {} } });
  await bench.say('and again');
  let seen: readonly unknown[] = [];
  while (seen.length === 0) {
    const { data } = await events.next();
    seen = Object(data).transitions.filter(({ actor }: { actor: string }) => actor.endsWith('/talk'));
  }
  expect(seen[0]).toMatchObject({ from: 'idle', standing: { active: expect.arrayContaining(['session']) } });
  events.close();
});

describe('an intervention', () => {
  test('needs the path twice', async () => {
    const path = 'root/conversations/sweeper';
    expect(await post('restart', { path, confirm: 'yes' })).toMatchObject({
      status: 400,
      json: { error: { field: 'confirm' } },
    });
    expect(await post('restart', { path, confirm: path })).toMatchObject({
      status: 200,
      json: { done: true },
    });
  });

  test('that cannot be made says why', async () => {
    expect(await post('restart', { path: 'root', confirm: 'root' })).toMatchObject({ status: 409 });
    expect(await post('dead-letters/m99/replay')).toMatchObject({ status: 404 });
    expect(await post('dead-letters/zzz/replay')).toMatchObject({ status: 400 });
  });

  test('sends a dead letter again', async () => {
    letters.add({
      type: 'dead_letter',
      receiver: 'router',
      event: { type: 'conversation.woken' },
      reason: 'no-receiver',
    });
    const { json } = await get('dead-letters');
    expect(json).toMatchObject({ letters: [{ receiver: 'router', notReplayable: null }] });
    const [{ id }] = Object(json).letters;
    expect(await post(`dead-letters/${id}/replay`)).toMatchObject({ status: 200 });
    expect((await get('dead-letters')).json).toEqual({ letters: [] });
  });
});
