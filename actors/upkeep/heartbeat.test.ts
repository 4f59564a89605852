import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import type { HeartbeatDesk } from '../../machines/heartbeat.ts';
import { latestBeats, wantBeat } from '../../src/heartbeat/index.ts';
import type { ModelRequest } from '../../src/llm/index.ts';
import { latestNotifications } from '../../src/notifications/index.ts';
import type { Tool } from '../../src/tools/index.ts';
import { type Bench, openBench, type Script } from '../testing/bench.ts';
import { createBeats } from './beat.ts';

const START = Date.parse('2026-11-22T09:00:10Z');
const MINUTE_MS = 60_000;
const EVERY = { enabled: true, everyMs: 30 * MINUTE_MS };

/** Beats over a whole assistant, whose time is turned by hand. */
async function openBeats(script: Script, list = '- [ ] call Ann before ten') {
  const requests: ModelRequest[] = [];
  const bench = await openBench({
    script: (request, call) => {
      requests.push(request);
      return script(request, call);
    },
  });
  const time = { now: START };
  const env = {
    ...bench.env,
    clock: { now: () => time.now },
    settings: { ...bench.env.settings, heartbeat: EVERY },
  };
  await write(bench, list);
  const desk = createBeats(env);
  return {
    bench,
    time,
    requests,
    desk,
    /** As another process would. */
    other: () => createBeats(env),
    round: () => round(desk),
    beats: () => latestBeats(bench.database, 50),
    told: () => latestNotifications(bench.database, 50),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

async function write({ database, memory }: Bench, list: string): Promise<void> {
  const statements = memory.writeStatements('HEARTBEAT.md', list, { append: false, source: { by: 'user' } });
  await database.commit(statements);
}

const never = (): AbortSignal => new AbortController().signal;

/** A look, and the beat where one is due. */
async function round(desk: HeartbeatDesk) {
  const looked = await desk.look(never());
  return looked.kind === 'due' ? desk.beat(looked.beat, never()) : looked;
}

describe('a beat', () => {
  test('asks a model once for its stretch of time, without tools and without any conversation', async () => {
    await using opened = await openBeats(() => 'HEARTBEAT_OK');
    await opened.bench.say('a word of the conversation');
    await opened.bench.waitFor('turn.replied');
    expect(await opened.round()).toEqual({ kind: 'silent' });
    const asked = opened.requests.filter(({ system }) => system.includes('HEARTBEAT_OK'));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.tools).toEqual([]);
    expect(JSON.stringify(asked[0]?.messages)).toContain('call Ann');
    expect(JSON.stringify(asked[0]?.messages)).not.toContain('a word of the conversation');
    expect(await opened.round()).toEqual({ kind: 'later', waitMs: 30 * MINUTE_MS - 10_000 });
    expect(await opened.beats()).toMatchObject([{ state: 'silent', attempts: 1 }]);
    expect(await opened.told()).toEqual([]);
  });

  test('tells what needs attention, with whose words the list holds, and the same only once in a day', async () => {
    await using opened = await openBeats(() => 'Call Ann now.');
    await opened.bench.database.query(
      `update memory_document set origins = '["the page https://a.example"]' where path = 'HEARTBEAT.md'`,
    );
    expect(await opened.round()).toEqual({ kind: 'told' });
    expect(await opened.told()).toMatchObject([
      { kind: 'heartbeat.attention', text: 'Call Ann now.', origins: ['the page https://a.example'] },
    ]);
    opened.time.now += 30 * MINUTE_MS;
    expect(await opened.round()).toEqual({ kind: 'silent' });
    expect(JSON.stringify(opened.requests[1]?.messages)).toContain('Call Ann now.');
    opened.time.now += 25 * 60 * MINUTE_MS;
    expect(await opened.round()).toEqual({ kind: 'told' });
    expect(await opened.told()).toHaveLength(2);
  });

  test('costs nothing and leaves nothing where the list is empty, or there is none', async () => {
    await using opened = await openBeats(() => 'Call Ann now.', '# Heartbeat\n<!-- nothing -->\n- [ ]');
    for (let look = 0; look < 48; look += 1) {
      expect((await opened.round()).kind).toBe('later');
      opened.time.now += 30 * MINUTE_MS;
    }
    await opened.bench.database.query('delete from memory_document');
    expect((await opened.round()).kind).toBe('later');
    expect(opened.requests).toEqual([]);
    expect(await opened.beats()).toEqual([]);
  });

  test('is done by one of two processes', async () => {
    await using opened = await openBeats(() => 'Call Ann now.');
    const ends = await Promise.all([opened.round(), round(opened.other()), round(opened.other())]);
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['later', 'later', 'told']);
    expect(opened.requests).toHaveLength(1);
  });

  test('that the process died in is gone on with, and is taken from whoever began it', async () => {
    await using opened = await openBeats(() => 'Call Ann now.');
    const first = await opened.desk.look(never());
    expect(first).toMatchObject({ kind: 'due', beat: { attempt: 1 } });
    expect(await opened.other().look(never())).toMatchObject({ kind: 'later' });
    opened.time.now += 5 * MINUTE_MS;
    const second = await opened.other().look(never());
    expect(second).toMatchObject({ kind: 'due', beat: { attempt: 2 } });
    // The one that was thought dead comes back: its word does not count.
    if (first.kind !== 'due' || second.kind !== 'due') throw new Error('both were due');
    await opened.desk.beat(first.beat, never());
    expect(await opened.told()).toEqual([]);
    expect(await opened.other().beat(second.beat, never())).toEqual({ kind: 'told' });
    expect(await opened.told()).toHaveLength(1);
  });

  test('that is wanted is taken at once, in quiet hours and right after another', async () => {
    await using opened = await openBeats(() => 'HEARTBEAT_OK');
    await opened.round();
    await opened.bench.database.commit([wantBeat(opened.time.now)]);
    expect(await opened.round()).toEqual({ kind: 'silent' });
    expect((await opened.beats()).map(({ state }) => state)).toEqual(['silent', 'silent']);
  });

  test('that was wanted stands for the one that is due', async () => {
    await using opened = await openBeats(() => 'HEARTBEAT_OK');
    await opened.bench.database.commit([wantBeat(opened.time.now)]);
    expect(await opened.round()).toEqual({ kind: 'silent' });
    expect(await opened.round()).toEqual({ kind: 'later', waitMs: 30 * MINUTE_MS - 10_000 });
    opened.time.now += 30 * MINUTE_MS;
    expect(await opened.round()).toEqual({ kind: 'silent' });
  });
});

test('a list that asks for tools is looked after by a turn with those of them that only look', async () => {
  const bench = await openBench({
    tools: [looking('look_up', []), looking('look_in', ['reads-private']), looking('send', ['sends'])],
    script: ({ messages, tools }) => {
      if (!JSON.stringify(messages).includes('HEARTBEAT_OK')) return 'hello';
      expect(tools.map(({ name }) => name).sort()).toEqual(['look_in', 'look_up']);
      return messages.at(-1)?.role === 'tool'
        ? 'The bill is due.'
        : { calls: [{ callId: 'l', tool: 'look_up', arguments: {} }] };
    },
  });
  await using _ = bench;
  await write(bench, '- [ ] bills\ntools: look_up, look_in, send, none');
  const env = { ...bench.env, settings: { ...bench.env.settings, heartbeat: EVERY } };
  expect(await round(createBeats(env))).toEqual({ kind: 'told' });
  expect(await latestNotifications(bench.database, 5)).toMatchObject([
    { text: 'The bill is due.', origins: ['the page https://bank.example'] },
  ]);
  expect(await bench.assistant.conversations(10)).toEqual([]);
});

const looking = (name: string, powers: Tool['powers']): Tool => ({
  name,
  description: name,
  parameters: { type: 'object' },
  effect: 'pure',
  approval: 'never',
  timeoutMs: 1_000,
  powers,
  execute: async () => ({ ok: true, content: 'due tomorrow', origins: ['the page https://bank.example'] }),
});

describe('a heartbeat that fails', () => {
  test('backs off, says so once, never stops, and goes on as before when it works again', async () => {
    let works = false;
    await using opened = await openBeats(() =>
      works ? 'HEARTBEAT_OK' : { failure: { kind: 'unauthorized', message: 'The key is wrong.' } },
    );
    const waits: number[] = [];
    for (let beat = 0; beat < 8; beat += 1) {
      const ended = await opened.round();
      if (ended.kind !== 'failed') throw new Error(`it did not fail: ${JSON.stringify(ended)}`);
      waits.push(ended.waitMs / MINUTE_MS);
      // It is no use to look before.
      opened.time.now += ended.waitMs - 1;
      expect((await opened.round()).kind).toBe('later');
      opened.time.now += 1;
    }
    expect(waits).toEqual([30, 60, 120, 240, 360, 360, 360, 360]);
    const said = await opened.told();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ kind: 'heartbeat.failing' });
    expect(said[0]?.text).toContain('The key is wrong.');
    works = true;
    expect(await opened.round()).toEqual({ kind: 'silent' });
    works = false;
    for (let beat = 0; beat < 3; beat += 1) {
      opened.time.now += 120 * MINUTE_MS;
      expect((await opened.round()).kind).toBe('failed');
    }
    expect(await opened.told()).toHaveLength(2);
  });
});

test('in the tree it beats by itself, and what it says reaches the user', async () => {
  const clock = new SimulatedClock();
  await using bench = await openBench({
    script: ({ system }) => (system.includes('HEARTBEAT_OK') ? 'Call Ann now.' : 'hello'),
    clock,
    heartbeat: EVERY,
  });
  await write(bench, '- call Ann');
  await bench.say('good morning');
  await bench.waitFor('turn.replied');
  clock.increment(151_000);
  const notice = await bench.waitFor('notice.posted');
  expect(notice).toMatchObject({ text: 'Call Ann now.', from: 'the heartbeat' });
});
