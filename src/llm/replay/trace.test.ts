import { expect, test } from 'vitest';
import { parseTrace, type Trace } from './trace.ts';

const parse = (value: unknown): Trace => {
  const parsed = parseTrace(JSON.stringify(value));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

const text = (content: string) => ({
  response: { type: 'text', content, input_tokens: 3, output_tokens: 2 },
});
const marker = (content: string) => ({ response: { type: 'user_input', content } });

test('turns are read with their hints, answers and expectations', () => {
  const trace = parse({
    model_name: 'm',
    turns: [
      {
        user_input: 'hi',
        expects: { min_responses: 1, future_key: true },
        steps: [
          {
            request_hint: { last_user_message_contains: 'hi', min_message_count: 1 },
            expected_tool_results: [{ tool_call_id: 'a', name: 'echo', content: 'x' }],
            response: {
              type: 'tool_calls',
              tool_calls: [{ id: 'c', name: 'echo', arguments: { message: 'x' } }],
            },
          },
          text('done'),
        ],
      },
    ],
  });
  expect(trace.turns[0]?.expects).toEqual({ min_responses: 1, future_key: true });
  expect(trace.turns[0]?.steps).toEqual([
    {
      hint: { lastUserMessageContains: 'hi', minMessageCount: 1 },
      expectedToolResults: [{ toolCallId: 'a', name: 'echo', content: 'x' }],
      answer: {
        text: '',
        toolCalls: [{ id: 'c', name: 'echo', arguments: { message: 'x' } }],
        inputTokens: 0,
        outputTokens: 0,
      },
    },
    {
      hint: {},
      expectedToolResults: [],
      answer: { text: 'done', toolCalls: [], inputTokens: 3, outputTokens: 2 },
    },
  ]);
});

test('the older form is one turn, whose message comes from the first hint', () => {
  const trace = parse({
    steps: [{ ...text('a'), request_hint: { last_user_message_contains: 'remember' } }, text('b')],
  });
  expect(trace.turns.map((turn) => [turn.userInput, turn.steps.length])).toEqual([['remember', 2]]);
  expect(parse({ steps: [text('a')] }).turns[0]?.userInput).toBe('(recorded turn)');
});

test('markers of the user’s messages are no steps, and divide the older form into turns', () => {
  const trace = parse({ steps: [marker('one'), text('a'), marker('two'), text('b'), text('c')] });
  expect(trace.turns.map((turn) => [turn.userInput, turn.steps.length])).toEqual([
    ['one', 1],
    ['two', 2],
  ]);
  expect(
    parse({ turns: [{ user_input: 'x', steps: [marker('x'), text('a')] }] }).turns[0]?.steps,
  ).toHaveLength(1);
});

test('memory and recorded exchanges come along', () => {
  const trace = parse({
    steps: [text('a')],
    memory_snapshot: [{ path: 'a.md', content: 'x' }],
    http_exchanges: [
      {
        request: { method: 'GET', url: 'https://a/', headers: [['accept', '*/*']], body: null },
        response: { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' },
      },
    ],
  });
  expect(trace.memorySnapshot).toEqual([{ path: 'a.md', content: 'x' }]);
  expect(trace.httpExchanges[0]?.response).toEqual({
    status: 200,
    headers: [['content-type', 'text/plain']],
    body: 'ok',
  });
});

test.each([
  ['{\n"turns" []}', /not JSON.*line 2/],
  ['[]', /top level/],
  ['{}', /neither "turns" nor "steps"/],
  [
    '{"turns":[{"user_input":"x","steps":[{"response":{"type":"text"}}]}]}',
    /turns\[0\]\.steps\[0\]\.response\.content/,
  ],
])('%s is turned down with the place of the fault', (file, reason) => {
  const parsed = parseTrace(file);
  expect(parsed.ok ? '' : parsed.error).toMatch(reason);
});
