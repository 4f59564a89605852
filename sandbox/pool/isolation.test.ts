import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSlot } from './index.ts';
import { callOf, scripted, withGlue } from './testing/calls.ts';

const slot = startSlot();
beforeAll(() => slot.ready);
afterAll(async () => {
  slot.kill();
  await slot.ended;
});

/** What hostile glue reports of its attempts. */
async function attempt(body: string): Promise<unknown> {
  const outcome = await slot.run(callOf(scripted(body)));
  expect(outcome).toMatchObject({ kind: 'returned' });
  return outcome.kind === 'returned' ? outcome.value : undefined;
}

const NOTHING_TO_FIND = `process require module_ Buffer fetch WebSocket XMLHttpRequest Worker importScripts navigator
  performance crypto URL global setImmediate setInterval BroadcastChannel MessageChannel localStorage`;

describe('hostile glue', () => {
  test('finds nothing of Node or of a browser', async () => {
    const names = NOTHING_TO_FIND.split(/\s+/);
    expect(await attempt(`return ${JSON.stringify(names)}.filter((name) => name in globalThis)`)).toEqual([]);
  });

  test.each([
    'node:fs',
    'node:net',
    'node:child_process',
    'node:worker_threads',
    'node:inspector',
    'data:text/javascript,1',
    './frame.ts',
  ])('cannot import %s', async (specifier) => {
    expect(await attempt(`return import('${specifier}').then(() => 'imported', () => 'refused')`)).toBe(
      'refused',
    );
  });

  test('cannot make code of text, in its own realm or by way of an error that came from another', async () => {
    const found = await attempt(`const tried = [];
      const tryIt = (make) => { try { tried.push(String(make())) } catch (e) { tried.push(e.name) } };
      tryIt(() => eval('1'));
      tryIt(() => Function('return process')());
      tryIt(() => (async () => {}).constructor('return process')());
      const foreign = await import('node:fs').catch((error) => error);
      tryIt(() => foreign.constructor.constructor('return process')());
      return tried`);
    expect(found).toEqual(['EvalError', 'EvalError', 'EvalError', 'EvalError']);
  });

  test('gets no object of the process through what it is given', async () => {
    const found = await attempt(`const seen = [];
      const given = [wasi, link, module, host.log, wasi('wasi:clocks/monotonic-clock').now, setTimeout, TextDecoder,
        new TextDecoder().decode(new Uint8Array([65])).constructor,
        wasi('wasi:random/random').getRandomBytes(4n), await host.x(new Uint8Array(3)), link];
      for (const thing of given) {
        for (let at = thing; at; at = Object.getPrototypeOf(at))
          if (at !== thing && ![Function.prototype, Object.prototype, Array.prototype, Uint8Array.prototype,
            Object.getPrototypeOf(Uint8Array.prototype), Object.getPrototypeOf(async () => {})].includes(at)) seen.push(String(thing));
      }
      return seen`);
    expect(found).toEqual([]);
  });

  test('gets none either through errors that the process provokes: a refused import, a full stack', async () => {
    const found = await attempt(`const root = (value) => {
        let at = Object(value);
        while (Object.getPrototypeOf(at)) at = Object.getPrototypeOf(at);
        return at;
      };
      const caught = [await import('node:fs').catch((error) => error)];
      const dig = () => {
        try { dig() } catch (error) { caught.push(error) }
        for (const use of [() => new TextDecoder().decode(new Uint8Array(2)), () => setTimeout(() => 0, 1), () => host.log('info', 'x')])
          try { use() } catch (error) { caught.push(error) }
      };
      dig();
      return [caught.length > 1, caught.every((error) => root(error) === Object.prototype)]`);
    expect(found).toEqual([true, true]);
  });

  test('that computes at its top level for ever costs its slot', async () => {
    const own = startSlot();
    await own.ready;
    const outcome = await own.run(callOf(withGlue('for (;;);'), { deadlineMs: 100 }));
    expect(outcome).toMatchObject({ kind: 'deadline' });
    await own.ended;
  });
});

/**
 * A program in a slot's place that tries everything and says what happened, as an escape from the realm would find
 * it: with Node's modules in hand, but under the flags that any slot has.
 */
describe('a process with the rights of a slot', () => {
  test('has no file but its program, and that one only until it is locked down; no network, child, thread, addon, inspector or environment', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const connected: unknown[] = [];
    server.on('connection', (socket) => connected.push(socket));
    const program = new URL('testing/burglar.ts', import.meta.url).pathname;
    const burglar = startSlot({
      program,
      programArgs: [String(port)],
      programReads: [new URL('../slot', import.meta.url).pathname],
    });
    const { reason } = await burglar.ended;
    server.close();
    const found: unknown = JSON.parse(reason.slice(reason.indexOf('{')));
    expect(found).toEqual({
      read: 'ERR_ACCESS_DENIED',
      write: 'ERR_ACCESS_DENIED',
      spawn: 'ERR_ACCESS_DENIED',
      worker: 'ERR_ACCESS_DENIED',
      inspector: 'ERR_ACCESS_DENIED',
      addon: 'ERR_DLOPEN_DISABLED',
      listen: 'ERR_ACCESS_DENIED',
      connect: 'ERR_ACCESS_DENIED',
      environment: 0,
      folder: '/',
      program: 'allowed',
      programLockedDown: 'ERR_ACCESS_DENIED',
    });
    expect(connected).toEqual([]);
  });
});
