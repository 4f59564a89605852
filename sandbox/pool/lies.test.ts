import { expect, test } from 'vitest';
import { startSlot } from './index.ts';
import { callOf, scripted } from './testing/calls.ts';

const program = new URL('testing/liar.ts', import.meta.url).pathname;

/** The liar uses the frames of the real slot's program, so it may read that as well. */
const READS = new URL('../slot', import.meta.url).pathname;

test.each([
  'garbage',
  'too long',
  'header longer than frame',
  'another call',
  'unknown kind',
  'ready again',
  'dropped unasked',
  'no JSON',
  'no report',
  'unknown end',
  'bytes out of bounds',
  'negative fuel',
  'log flood',
  'two questions',
])('a process that lies (%s) is killed, and its calls are lost', async (lie) => {
  const slot = startSlot({ program, programArgs: [lie], programReads: [READS] });
  await slot.ready;
  const asked = { call: () => new Promise<never>(() => {}) };
  const outcome = await slot.run(callOf(scripted('return 1'), { host: asked }));
  expect(outcome.kind).toBe('slot-lost');
  expect(await slot.ended).toMatchObject({ expected: false, reason: /^the process sent / });
});

test('a process that ends under a call is noticed', async () => {
  const slot = startSlot({ program, programArgs: ['nothing'], programReads: [READS] });
  await slot.ready;
  const outcome = slot.run(callOf(scripted('return 1')));
  process.kill(slot.pid, 'SIGTERM');
  expect(await outcome).toMatchObject({ kind: 'slot-lost' });
  expect(await slot.ended).toMatchObject({ expected: false, reason: /SIGTERM/ });
});

test('what crosses with the order to drop a call is no lie', async () => {
  const slot = startSlot({ program, programArgs: ['one question'], programReads: [READS] });
  await slot.ready;
  const host = { call: () => new Promise<never>(() => {}) };
  for (let time = 0; time < 3; time++) {
    const outcome = await slot.run(callOf(scripted('return 1'), { host, deadlineMs: 50 }));
    expect(outcome).toMatchObject({ kind: 'deadline', fuelUsed: 1 });
  }
  expect(slot.state()).toBe('idle');
  slot.kill();
  await slot.ended;
});
