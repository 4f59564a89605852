import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrapToolOutput } from '../../safety/index.ts';
import type { ModelAnswer, ModelMessage, ToolDescription } from '../model.ts';
import { answerOffline, createOfflineModel } from './offline-model.ts';

const TOOLS: readonly ToolDescription[] = [
  'echo',
  'list_dir',
  'memory_read',
  'memory_search',
  'memory_tree',
  'memory_write',
  'read_file',
  'time',
  'write_file',
].map((name) => ({ name, description: '', parameters: { type: 'object' } }));

const ask = (text: string, tools = TOOLS): ModelAnswer =>
  answerOffline({ messages: [{ role: 'user', text }], tools });
const callOf = (text: string) => ask(text).toolCalls.map(({ tool, arguments: args }) => [tool, args])[0];

describe('requests it understands', () => {
  test.each([
    [
      'Remember that my sister is called Ada.',
      'memory_write',
      { content: 'my sister is called Ada.', target: 'memory', append: true },
    ],
    [
      'remember: buy milk\nand bread',
      'memory_write',
      { content: 'buy milk\nand bread', target: 'memory', append: true },
    ],
    ['What do you know about my sister?', 'memory_search', { query: 'my sister' }],
    ['recall project alpha', 'memory_search', { query: 'project alpha' }],
    ['search memory for tax 2025', 'memory_search', { query: 'tax 2025' }],
    ['list notes', 'memory_tree', { depth: 10 }],
    ['read note shopping', 'memory_read', { path: 'shopping.md' }],
    ['note shopping: milk', 'memory_write', { content: 'milk', target: 'shopping.md', append: true }],
    [
      'write note plans/2027.md: rest',
      'memory_write',
      { content: 'rest', target: 'plans/2027.md', append: false },
    ],
    ['what time is it?', 'time', { operation: 'now' }],
    ['What time is it in Tokyo?', 'time', { operation: 'now', timezone: 'Asia/Tokyo' }],
    ['what time is it in new york', 'time', { operation: 'now', timezone: 'America/New_York' }],
    ['time in europe/berlin', 'time', { operation: 'now', timezone: 'Europe/Berlin' }],
    ['read file notes/a.txt', 'read_file', { path: 'notes/a.txt' }],
    ['list files in docs', 'list_dir', { path: 'docs' }],
    ['list files', 'list_dir', { path: '.' }],
    ['write file a.txt: one\ntwo', 'write_file', { path: 'a.txt', content: 'one\ntwo' }],
    ['run tool echo with {"message": "hi"}', 'echo', { message: 'hi' }],
    ['run echo {"message": "hi"}', 'echo', { message: 'hi' }],
    ['run memory_tree', 'memory_tree', {}],
  ])('%s', (text, tool, args) => {
    expect(callOf(text)).toEqual([tool, args]);
  });
});

describe('what it says', () => {
  test('a greeting is answered with what is missing and what works without it', () => {
    for (const text of ['hi', 'Hello!', 'help', 'what can you do?']) {
      const answer = ask(text);
      expect(answer.text).toContain('No language model is set up');
      expect(answer.text).toContain('OPENAI_API_KEY');
      expect(answer.text).toContain('remember that');
      expect(answer.toolCalls).toEqual([]);
    }
  });

  test('what it does not understand, it says so', () => {
    expect(ask('Write me a poem').text).toMatch(/did not understand.*No language model/s);
  });

  test('a place without a zone, arguments that are no JSON, and a call where there are no tools', () => {
    expect(ask('what time is it in Atlantis?').text).toContain('Atlantis');
    expect(ask('run echo with {broken').text).toContain('JSON');
    expect(ask('remember that x', []).text).toContain('memory_write');
  });
});

test('a tool that it was not told of is called as well: there are more than it is told of', () => {
  const [one] = TOOLS;
  if (!one) throw new Error('there are tools');
  expect(ask('list notes', [one]).toolCalls).toMatchObject([{ tool: 'memory_tree' }]);
  expect(callOf('run launch_rocket')).toEqual(['launch_rocket', {}]);
});

describe('results', () => {
  const replyAfter = (content: string, failed = false, tool = 'memory_write'): string => {
    const toolCalls = [{ callId: 'offline', tool, arguments: {} }];
    const messages: ModelMessage[] = [
      { role: 'user', text: 'remember that x' },
      { role: 'assistant', text: '', toolCalls },
      { role: 'tool', callId: 'offline', tool, content, failed },
    ];
    return answerOffline({ messages, tools: TOOLS }).text;
  };

  test('success is reported with the tool’s own words, without the frame around them', () => {
    expect(replyAfter(wrapToolOutput('memory_write', 'Added to MEMORY.md'))).toBe('Added to MEMORY.md');
    expect(replyAfter('hello', false, 'echo')).toBe('hello');
  });

  test('failure and refusal are reported as such', () => {
    expect(replyAfter('The user denied this call.', true)).toMatch(/not done.*The user denied this call/);
  });

  test('JSON is laid out for reading', () => {
    const text = replyAfter('{"results":[{"path":"MEMORY.md","snippet":"Ada"}]}', false, 'memory_search');
    expect(text).toMatch(/- path: MEMORY\.md\n\s+snippet: Ada/);
    expect(text).not.toContain('{');
  });

  test('a new question after a result is a new question', () => {
    const messages: ModelMessage[] = [
      { role: 'tool', callId: 'offline', tool: 'echo', content: 'old', failed: false },
      { role: 'user', text: 'list notes' },
    ];
    expect(answerOffline({ messages, tools: TOOLS }).toolCalls).toMatchObject([{ tool: 'memory_tree' }]);
  });

  test('each call of a conversation has its own id', () => {
    const toolCalls = [{ callId: 'offline', tool: 'echo', arguments: {} }];
    const messages: ModelMessage[] = [
      { role: 'assistant', text: '', toolCalls },
      { role: 'user', text: 'list notes' },
    ];
    expect(answerOffline({ messages, tools: TOOLS }).toolCalls[0]?.callId).not.toBe('offline');
  });
});

test('whatever is said, it answers or calls a tool, where it may', () => {
  const start = fc.constantFrom(
    '',
    'remember ',
    'note ',
    'what time is it in ',
    'run ',
    'run echo with {',
    'read file ',
    'write note a: ',
  );
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.json());
  const tools = fc.subarray([...TOOLS]);
  fc.assert(
    fc.property(start, anything, tools, (start, rest, tools) => {
      const { text, toolCalls } = ask(start + rest, tools);
      if (tools.length === 0) expect(toolCalls).toEqual([]);
      expect(text !== '' || toolCalls.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('whatever a tool answers, it replies', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.boolean(), (content, failed) => {
      const result: ModelMessage = { role: 'tool', callId: 'a', tool: 'echo', content, failed };
      expect(answerOffline({ messages: [result], tools: [] }).text).not.toBe('');
    }),
  );
});

test('as a model it is called like any other', async () => {
  const heard: string[] = [];
  const answer = await createOfflineModel().complete({
    system: '',
    messages: [{ role: 'user', text: 'hi' }],
    tools: TOOLS,
    signal: new AbortController().signal,
    onText: (text) => heard.push(text),
  });
  expect(answer).toMatchObject({ ok: true, value: { text: heard.join(''), model: 'offline' } });
});
