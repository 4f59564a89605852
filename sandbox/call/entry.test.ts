import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { World } from '../artefact.ts';
import type { GuestValue } from '../pool/index.ts';
import { type ChannelEntry, channelEntry, toolEntry } from './entry.ts';
import { httpFailure } from './guest-interface.ts';

const report = { fuelUsed: 0, memoryBytes: 0, logs: [], droppedLogs: 0 };
const returned = (value: GuestValue) => ({ kind: 'returned', value, ...report }) as const;
const failed = (error: GuestValue) => ({ kind: 'failed', error, ...report }) as const;

const read = (world: World, value: GuestValue) => toolEntry(world, '{}', undefined).read(returned(value));

const MALFORMED = { ok: false, error: { rule: 'guest-response', message: expect.any(String) } };
const MALFORMED_VALUES: readonly GuestValue[] = [undefined, null, 'text', 1, true, [], new Uint8Array(3)];

test('a tool is given its arguments and its context', () => {
  expect(toolEntry('tool@0.4.1', '{"a":1}', '{"capability_id":"x"}')).toMatchObject({
    name: 'execute',
    args: [{ params: '{"a":1}', context: '{"capability_id":"x"}' }],
  });
});

test('the error of a function that has none is no answer', () => {
  expect(toolEntry('tool@0.4.1', '{}', undefined).read(failed('oops'))).toEqual(MALFORMED);
});

describe('an answer of 0.4.1', () => {
  test('is its text', () => {
    expect(read('tool@0.4.1', { tag: 'success', val: '{"a":1}' })).toEqual({ ok: true, value: '{"a":1}' });
    expect(read('tool@0.4.1', { tag: 'success', val: '' })).toEqual({ ok: true, value: '' });
  });

  test.each<[GuestValue, string, string]>([
    [{ kind: 'client', code: 'E1', message: 'bad' }, 'guest-client', 'E1: bad'],
    [{ kind: 'auth-required', code: undefined, message: 'log in' }, 'guest-auth-required', 'log in'],
    [
      { kind: 'operation-failed', code: '', message: undefined },
      'guest-operation-failed',
      'operation-failed',
    ],
    [{ kind: 'input', code: 5, message: ['x'] }, 'guest-input', 'input'],
  ])('or its failure: %j', (val, rule, message) => {
    expect(read('tool@0.4.1', { tag: 'failure', val })).toEqual({ ok: false, error: { rule, message } });
  });

  test.each<GuestValue>([
    ...MALFORMED_VALUES,
    {},
    { output: 'x' },
    { tag: 'success' },
    { tag: 'success', val: 5 },
    { tag: 'success', val: { text: 'x' } },
    { tag: 'failure' },
    { tag: 'failure', val: 'no' },
    { tag: 'failure', val: {} },
    { tag: 'failure', val: { kind: 'bored', message: 'x' } },
    { tag: 'other', val: 'x' },
  ])('or nothing that its interface knows: %j', (value) => {
    expect(read('tool@0.4.1', value)).toEqual(MALFORMED);
  });
});

describe('an answer of 0.3.0', () => {
  test.each<[GuestValue, object]>([
    [
      { output: 'done', error: undefined },
      { ok: true, value: 'done' },
    ],
    [
      { output: undefined, error: undefined },
      { ok: true, value: '' },
    ],
    [
      { output: undefined, error: 'no' },
      { ok: false, error: { rule: 'guest-error', message: 'no' } },
    ],
    [
      { output: 'half', error: 'no' },
      { ok: false, error: { rule: 'guest-error', message: 'no' } },
    ],
  ])('%j', (value, wanted) => expect(read('tool@0.3.0', value)).toEqual(wanted));

  test.each<GuestValue>(MALFORMED_VALUES)('or nothing that its interface knows: %j', (value) => {
    expect(read('tool@0.3.0', value)).toEqual(MALFORMED);
  });
});

test('a failed request is a record to the newer interface, and text to the older ones', () => {
  const failure = { kind: 'client', rule: 'http-rate', message: 'wait', requestSent: true } as const;
  expect(httpFailure('tool@0.4.1', failure)).toEqual({
    kind: 'client',
    code: 'http-rate',
    message: 'wait',
    requestSent: true,
  });
  expect(httpFailure('tool@0.3.0', failure)).toBe('http-rate: wait');
  expect(httpFailure('channel@0.3.1', failure)).toBe('http-rate: wait');
});

describe('a callback of a channel', () => {
  const message = { messageId: '1', content: 'hi', threadId: undefined, metadataJson: '{}', attachments: [] };

  test.each<[ChannelEntry, JsonObject, readonly GuestValue[]]>([
    ['on-start', { token: 'x' }, ['{"token":"x"}']],
    ['on-poll', { a: 1 }, []],
    ['on-shutdown', {}, []],
    ['on-respond', { messageId: '1', content: 'hi' }, [message]],
    ['on-respond', { messageId: '1', content: 'hi', threadId: 7 }, [{ ...message, threadId: '7' }]],
    ['on-broadcast', { userId: 'me', messageId: '1', content: 'hi' }, ['me', message]],
    ['on-status', { message: 'busy' }, [{ status: 'status', message: 'busy', metadataJson: '{}' }]],
    [
      'on-http-request',
      { path: '/hook', body: 'ü', headersJson: { a: 'b' }, secretValidated: true },
      [
        {
          method: 'POST',
          path: '/hook',
          headersJson: '{"a":"b"}',
          queryJson: '{}',
          body: new TextEncoder().encode('ü'),
          secretValidated: true,
        },
      ],
    ],
  ])('%s takes %j', (name, params, args) => {
    expect(channelEntry(name, params)).toMatchObject({ name, args });
  });

  test('counts as validated only where it is said to be', () => {
    expect(channelEntry('on-http-request', { secretValidated: 'true' }).args).toMatchObject([
      { secretValidated: false },
    ]);
  });

  test('gives back what it returned as JSON', () => {
    const entry = channelEntry('on-poll', {});
    const value = { status: 200, body: new TextEncoder().encode('ü'), size: 5n };
    expect(entry.read(returned(value))).toEqual({ ok: true, value: '{"status":200,"body":"ü","size":5}' });
    expect(entry.read(returned(undefined))).toEqual({ ok: true, value: '' });
    expect(entry.read(returned('text'))).toEqual({ ok: true, value: 'text' });
    expect(entry.read(failed({ why: 'x' }))).toEqual({
      ok: false,
      error: { rule: 'guest-error', message: '{"why":"x"}' },
    });
  });
});
