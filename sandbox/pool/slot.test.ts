import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GuestOutcome, type Slot, startSlot } from './index.ts';
import { callOf, heldHost, scripted, withGlue } from './testing/calls.ts';

/** The value of a call that must have returned. */
function returnedBy(outcome: GuestOutcome): unknown {
  expect(outcome).toMatchObject({ kind: 'returned' });
  return outcome.kind === 'returned' ? outcome.value : undefined;
}

async function withSlot<T>(use: (slot: Slot) => Promise<T>): Promise<T> {
  const slot = startSlot();
  try {
    await slot.ready;
    return await use(slot);
  } finally {
    slot.kill();
    await slot.ended;
  }
}

const shared = startSlot();
beforeAll(() => shared.ready);
afterAll(async () => {
  shared.kill();
  await shared.ended;
});
const run = (body: string, rest = {}) => shared.run(callOf(scripted(body), rest));

describe('what crosses', () => {
  test('arguments, answers and results keep their types', async () => {
    const value = {
      text: 'ä'.repeat(10_000),
      short: '😀',
      bytes: new Uint8Array([1, 2, 255]),
      big: 18_446_744_073_709_551_615n,
      none: undefined,
      list: [undefined, null, true, -1.5, { $: 'u' }],
      $: 'b',
    };
    const outcome = await run('return host.httpRequest(input)', { args: [value] });
    const { none: _, ...kept } = value;
    expect(returnedBy(outcome)).toEqual(['http-request', kept]);
  });

  test('a large body of bytes and a large text come through whole', async () => {
    const bytes = new Uint8Array(3_000_000).fill(7);
    const outcome = await run(
      'const [, b] = await host.workspaceRead(input); return [b, "x".repeat(900000)]',
      {
        args: [bytes],
      },
    );
    expect(returnedBy(outcome)).toEqual([bytes, 'x'.repeat(900_000)]);
  });

  test('the error of a result reaches the guest as its payload, and the error of a result that the guest returns us', async () => {
    const host = { call: async () => ({ err: { kind: 'client', requestSent: true } }) };
    const outcome = await run(
      'try { await host.httpRequest() } catch (e) { throw { payload: [e.payload] } }',
      { host },
    );
    expect(outcome).toMatchObject({ kind: 'failed', error: [{ kind: 'client', requestSent: true }] });
  });

  test('a host that fails ends the call, and its reason stays with us', async () => {
    const host = { call: () => Promise.reject(new Error('secret')) };
    const outcome = await run('return host.secretExists("x")', { host });
    expect(outcome).toMatchObject({ kind: 'trapped', reason: 'host', message: 'The host failed to answer.' });
  });

  test.each([
    ['text', 'return "x".repeat(5 << 20)'],
    ['structure', 'return Array.from({ length: 300000 }, () => 1)'],
    ['depth', 'let v = 1; for (let i = 0; i < 200; i++) v = [v]; return v'],
    ['a function', 'return () => 1'],
  ])('a result that is too much of %s is refused', async (_, body) => {
    expect(await run(body)).toMatchObject({ kind: 'trapped', reason: 'output' });
  });
});

describe('the log', () => {
  test('keeps order and level, also of standard output and error', async () => {
    const outcome = await run(`host.log('warn', 'first');
      wasi('wasi:cli/stdout@0.2.3').getStdout().write(new TextEncoder().encode('one\\ntwo\\npar'));
      wasi('wasi:cli/stderr').getStderr().blockingWriteAndFlush(new TextEncoder().encode('ouch\\n'));
      host.log('bogus', 'last');`);
    expect(outcome.logs).toEqual([
      { level: 'warn', message: 'first' },
      { level: 'info', message: 'one' },
      { level: 'info', message: 'two' },
      { level: 'error', message: 'ouch' },
      { level: 'info', message: 'last' },
      { level: 'info', message: 'par' },
    ]);
  });

  test('a flood is cut to 1,000 entries of 4,096 characters and counted', async () => {
    const outcome = await run("for (let i = 0; i < 1500; i++) host.log('info', 'é'.repeat(9000))");
    expect(outcome.logs).toHaveLength(1_000);
    expect(outcome.logs.every(({ message }) => message === 'é'.repeat(4_096))).toBe(true);
    expect(outcome.droppedLogs).toBe(500);
  });

  test('what was logged before a question is known even if the slot is killed in it', async () => {
    await withSlot(async (slot) => {
      const { host, asked } = heldHost();
      const outcome = slot.run(callOf(scripted("host.log('info', 'before'); await host.wait()"), { host }));
      await asked;
      slot.kill();
      expect(await outcome).toMatchObject({
        kind: 'slot-lost',
        logs: [{ message: 'before' }],
        fuelUsed: 2_000,
      });
    });
  });
});

describe('traps', () => {
  const compile = async (wat: string) => [{ name: 'm', bytes: await parse(wat) }];
  const inModule = async (wat: string, rest = {}) => {
    const modules = await compile(wat);
    return shared.run(callOf(scripted('return link(module("m"), {}).exports.run()', modules), rest));
  };
  const FUELLED = '(import "ironbark:limits" "fuel" (global $fuel (mut i64)))';

  test('fuel is shared by the modules of a call, and its end is told apart from other traps', async () => {
    const wat = `(module ${FUELLED} (func (export "run")
      (loop $again (global.set $fuel (i64.sub (global.get $fuel) (i64.const 1)))
        (if (i64.lt_s (global.get $fuel) (i64.const 0)) (then unreachable)) (br $again))))`;
    expect(await inModule(wat, { fuel: 10_000 })).toMatchObject({
      kind: 'trapped',
      reason: 'fuel',
      fuelUsed: 10_000,
    });
  });

  test.each([
    ['unreachable', '(func (export "run") unreachable)'],
    ['out-of-bounds', '(memory 1) (func (export "run") (result i32) (i32.load (i32.const 70000)))'],
    ['stack', '(func $f (export "run") (call $f))'],
    ['memory', '(memory (export "memory") 1000) (func (export "run"))'],
  ])('%s', async (reason, body) => {
    expect(await inModule(`(module ${body})`)).toMatchObject({ kind: 'trapped', reason });
  });

  test('the message is what the guest said last on standard error, without hints for developers', async () => {
    const outcome = await run(`const said = ['thread panicked at src/lib.rs:3:5:', 'no luck',
        'note: run with \u0060RUST_BACKTRACE=1\u0060'].join('\\n');
      wasi('wasi:cli/stderr').getStderr().write(new TextEncoder().encode(said));
      throw new WebAssembly.RuntimeError('unreachable')`);
    const message = 'thread panicked at src/lib.rs:3:5:\nno luck';
    expect(outcome).toMatchObject({ kind: 'trapped', reason: 'unreachable', message });
  });

  test('exit ends the call, and a function that is not exported is named', async () => {
    expect(await run("wasi('wasi:cli/exit').exit()")).toMatchObject({ kind: 'trapped', reason: 'other' });
    expect(await run('return 1', { entry: 'on-start' })).toMatchObject({ message: /no function on-start/ });
  });

  test('memory is reported', async () => {
    expect(await inModule('(module (memory (export "memory") 3) (func (export "run")))')).toMatchObject({
      kind: 'returned',
      memoryBytes: 3 * 65_536,
    });
  });

  test('glue that imports, or modules that do not compile, are refused without harm', async () => {
    const importing = withGlue("import fs from 'node:fs'; export function instantiate() {}");
    expect(await shared.run(callOf(importing))).toMatchObject({ kind: 'trapped', reason: 'other' });
    const broken = scripted('return 1', [{ name: 'm', bytes: new Uint8Array([1, 2, 3]) }]);
    expect(await shared.run(callOf(broken))).toMatchObject({ message: /^The component cannot run: m: / });
    expect(returnedBy(await run('return 1'))).toBe(1);
  });
});

describe('waiting for the host', () => {
  test('32 calls wait in one slot at a time, and each gets its own answer', async () => {
    const holds = Array.from({ length: 32 }, heldHost);
    const artefact = scripted('return [input, await host.toolInvoke(input)]');
    const outcomes = holds.map(({ host }, index) => shared.run(callOf(artefact, { host, args: [index] })));
    await Promise.all(holds.map(({ asked }) => asked));
    expect(shared.state()).toBe('waiting');
    expect(shared.calls()).toBe(32);
    holds.toReversed().forEach(({ answer }, index) => {
      answer(`answer ${31 - index}`);
    });
    const values = (await Promise.all(outcomes)).map(returnedBy);
    expect(values).toEqual(holds.map((_, index) => [index, `answer ${index}`]));
    expect(shared.state()).toBe('idle');
  });

  test('a deadline while the host is at work costs the call and not the slot; the host is told, its answer ignored', async () => {
    const { host, asked, answer, isStopped } = heldHost();
    const outcome = shared.run(callOf(scripted('return host.wait()'), { host, deadlineMs: 100 }));
    await asked;
    expect(await outcome).toMatchObject({ kind: 'deadline' });
    expect(isStopped()).toBe(true);
    answer('late');
    expect(returnedBy(await run('return 2'))).toBe(2);
  });

  test('so does being cancelled', async () => {
    const { host, asked } = heldHost();
    const controller = new AbortController();
    const outcome = shared.run(callOf(scripted('return host.wait()'), { host, signal: controller.signal }));
    await asked;
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'cancelled' });
    expect(shared.calls()).toBe(0);
    expect(returnedBy(await run('return 3'))).toBe(3);
  });
});

describe('the end of a slot', () => {
  test('a guest that computes past its deadline is killed with its slot; those that wait there are told', async () => {
    const slot = startSlot();
    await slot.ready;
    const { host, asked } = heldHost();
    const bystander = slot.run(callOf(scripted('return host.wait()'), { host }));
    await asked;
    const endless = scripted('for (;;);');
    expect(await slot.run(callOf(endless, { deadlineMs: 100 }))).toMatchObject({ kind: 'deadline' });
    expect(await bystander).toMatchObject({ kind: 'slot-lost', message: /another call/ });
    expect(await slot.ended).toMatchObject({ expected: true, culprit: endless.componentHash });
    expect(slot.state()).toBe('ended');
  });

  test('a cancelled call that computes is answered at once and still counts until it ends', async () => {
    await withSlot(async (slot) => {
      const controller = new AbortController();
      const outcome = slot.run(callOf(scripted('for (;;);'), { signal: controller.signal, deadlineMs: 200 }));
      controller.abort();
      expect(await outcome).toMatchObject({ kind: 'cancelled' });
      expect(slot.state()).toBe('computing');
      expect(await slot.ended).toMatchObject({ expected: true });
    });
  });

  test('closing waits for the last call', async () => {
    const slot = startSlot();
    await slot.ready;
    const { host, asked, answer } = heldHost();
    const outcome = slot.run(callOf(scripted('return host.wait()'), { host }));
    await asked;
    slot.close();
    expect(await slot.run(callOf(scripted('return 1')))).toMatchObject({ kind: 'unavailable' });
    answer('yes');
    expect(returnedBy(await outcome)).toBe('yes');
    expect(await slot.ended).toEqual({ expected: true, reason: 'closed' });
  });

  test('a process that dies by itself is not expected, and says why', async () => {
    const slot = startSlot({ heapMebibytes: 16 });
    await slot.ready;
    const outcome = slot.run(callOf(scripted('const all = []; for (;;) all.push({ all: [all.length] })')));
    expect(await outcome).toMatchObject({ kind: 'slot-lost' });
    expect(await slot.ended).toMatchObject({ expected: false, reason: /SIG|code/ });
  });

  test('one that does not start rejects its readiness', async () => {
    const slot = startSlot({ startMs: 1 });
    await expect(slot.ready).rejects.toThrow(/did not start/);
    expect(await slot.ended).toMatchObject({ expected: false });
  });
});

describe('company', () => {
  test('a component in a slot sees nothing of another, whatever that did to its own surroundings', async () => {
    await withSlot(async (slot) => {
      const spoiler = scripted(`globalThis.mine = 1; Object.prototype.mine = 'spoilt';
        Array.prototype.map = () => []; WebAssembly.Instance = undefined; return 0`);
      await slot.run(callOf(spoiler));
      const after = scripted(
        'return [typeof mine, typeof ({}).mine, JSON.stringify([1].map(String)), await host.x(1)]',
      );
      expect(returnedBy(await slot.run(callOf(after)))).toEqual([
        'undefined',
        'undefined',
        '["1"]',
        ['x', 1],
      ]);
    });
  });

  test('between calls of one component only its glue lives on', async () => {
    const bytes = await parse(
      '(module (global $n (mut i32) (i32.const 0)) (func (export "run") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))',
    );
    const artefact = scripted('return link(module("m")).exports.run()', [{ name: 'm', bytes }]);
    const values = [await shared.run(callOf(artefact)), await shared.run(callOf(artefact))].map(returnedBy);
    expect(values).toEqual([1, 1]);
  });

  test('more components than a slot keeps all work, again and again', async () => {
    await withSlot(async (slot) => {
      const artefacts = Array.from({ length: 20 }, (_, index) => scripted(`return ${index}`));
      for (const [index, artefact] of [...artefacts, ...artefacts].entries())
        expect(returnedBy(await slot.run(callOf(artefact)))).toBe(index % 20);
      expect(artefacts.filter((artefact) => slot.hasLoaded(artefact))).toHaveLength(16);
    });
  });
});
