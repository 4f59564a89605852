import { expect, test } from 'vitest';
import { wrapToolOutput } from '../../safety/index.ts';
import type { ModelMessage, ModelRequest } from '../model.ts';
import { createReplayModel, type ReplayModel } from './replay-model.ts';
import { parseTrace } from './trace.ts';

const replay = (trace: unknown): ReplayModel => {
  const parsed = parseTrace(JSON.stringify(trace));
  if (!parsed.ok) throw new Error(parsed.error);
  return createReplayModel(parsed.value);
};

const request = (...messages: ModelMessage[]): ModelRequest => ({
  system: '',
  messages,
  tools: [],
  signal: new AbortController().signal,
});

const user = (text: string): ModelMessage => ({ role: 'user', text });
const say = (content: string) => ({ response: { type: 'text', content, input_tokens: 5, output_tokens: 2 } });

test('each call takes the next step of the current turn', async () => {
  const model = replay({
    model_name: 'recorded',
    turns: [
      { user_input: 'a', steps: [say('one'), say('left over')] },
      { user_input: 'b', steps: [say('two')] },
    ],
  });
  expect(await model.complete(request(user('a')))).toEqual({
    ok: true,
    value: { text: 'one', toolCalls: [], usage: { inputTokens: 5, outputTokens: 2 }, model: 'recorded' },
  });
  expect(model.remaining()).toBe(1);
  model.beginTurn(1);
  expect(await model.complete(request(user('b')))).toMatchObject({ value: { text: 'two' } });
  expect(model.remaining()).toBe(0);
  expect(model.failures()).toEqual([]);
});

test('text is handed on as a live model would', async () => {
  const heard: string[] = [];
  await replay({ steps: [say('one')] }).complete({
    ...request(user('a')),
    onText: (text) => heard.push(text),
  });
  expect(heard.join('')).toBe('one');
});

test('a call beyond the last step fails the run', async () => {
  const model = replay({ steps: [say('one')] });
  await model.complete(request(user('a')));
  expect(await model.complete(request(user('a')))).toMatchObject({
    ok: false,
    error: { kind: 'unavailable' },
  });
  expect(model.failures()).toEqual([expect.stringContaining('turn 1, call 2')]);
  expect(model.remaining()).toBe(0);
});

test('hints that do not fit warn and change nothing', async () => {
  const hint = { last_user_message_contains: 'REMEMBER', min_message_count: 3 };
  const model = replay({
    steps: [
      { ...say('ok'), request_hint: hint },
      { ...say('ok'), request_hint: hint },
    ],
  });
  await model.complete(request(user('please remember'), user('remember'), user('remember this')));
  expect(model.warnings()).toEqual([]);
  expect(await model.complete(request(user('hi')))).toMatchObject({ ok: true });
  expect(model.warnings()).toHaveLength(2);
});

test('arguments may refer to earlier results, also framed ones', async () => {
  const call = { id: 'c2', name: 'job_status', arguments: { job_id: '{{c1.id}}' } };
  const model = replay({ steps: [{ response: { type: 'tool_calls', tool_calls: [call] } }] });
  const result: ModelMessage = {
    role: 'tool',
    callId: 'c1',
    tool: 'create_job',
    content: wrapToolOutput('create_job', '{"id":"j-7"}'),
    failed: false,
  };
  expect(await model.complete(request(user('go'), result))).toMatchObject({
    value: { toolCalls: [{ callId: 'c2', arguments: { job_id: 'j-7' } }] },
  });
});
