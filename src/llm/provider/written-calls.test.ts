import { expect, test } from 'vitest';
import { unparsedArguments } from '../tool-arguments.ts';
import { findWrittenCalls } from './written-calls.ts';

const offered = new Set(['echo', 'time']);

test.each([
  ['<tool_call>{"name": "echo", "arguments": {"m": 1}}</tool_call>', [{ m: 1 }]],
  ['<tool_call>{"name": "echo", "parameters": {"m": 1}}</tool_call>', [{ m: 1 }]],
  ['<tool_call>{"name": "echo", "arguments": "{\\"m\\": 1}"}</tool_call>', [{ m: 1 }]],
  [
    '<tool_call>{"name": "time"}</tool_call>\n<tool_call>{"name": "echo", "arguments": {}}</tool_call>',
    [{}, {}],
  ],
  ['<function=echo>{"m": 1}</function>', [{ m: 1 }]],
  [
    '<function=echo>\n<parameter=m>\n1\n</parameter>\n<parameter=n>two</parameter>\n</function>',
    [{ m: 1, n: 'two' }],
  ],
  ['```tool_call\n{"name": "echo", "arguments": {"m": 1}}\n```', [{ m: 1 }]],
])('%j is a call', (text, expected) => {
  const found = findWrittenCalls(`Well.\n\n${text}\n`, offered);
  expect(found?.text).toBe('Well.');
  expect(found?.calls.map((call) => call.arguments)).toEqual(expected);
});

test('a call that was cut off keeps what was written, so that the model can be told', () => {
  const found = findWrittenCalls('<tool_call>{"name": "echo", "arguments": {"m": "hal', offered);
  expect(found?.calls[0]?.tool).toBe('echo');
  expect(unparsedArguments(found?.calls[0]?.arguments ?? {})).toContain('hal');
});

test.each([
  'There is no call here.',
  '<tool_call>{"name": "launch", "arguments": {}}</tool_call>',
  '<tool_call>not a call</tool_call>',
  'The page says <tool_call>{"name": "echo", "arguments": {}}</tool_call>',
  '<tool_call>{"name": "echo", "arguments": {}}</tool_call>\nis how a call is written.',
  '```\n<tool_call>{"name": "echo", "arguments": {}}</tool_call>\n```',
])('%j is text', (text) => {
  expect(findWrittenCalls(text, offered)).toBeUndefined();
});
