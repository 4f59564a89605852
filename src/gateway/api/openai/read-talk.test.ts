import { describe, expect, test } from 'vitest';
import { ChatRequest, ResponsesRequest } from '../../../core/api/openai.ts';
import { asideOf, unknownOf } from './asked.ts';
import { readChat, readInput } from './read-talk.ts';
import { readResponseId, responseId } from './response-id.ts';

const chat = (...messages: readonly object[]) => readChat(ChatRequest.parse({ model: 'ironbark', messages }));
const input = (given: unknown, more: object = {}) =>
  readInput(ResponsesRequest.parse({ input: given, ...more }));
const said = (role: string, content: unknown) => ({ role, content });

describe('what a request says', () => {
  test('is new after the last message that is not the user’s', () => {
    const talk = [said('user', 'a'), said('assistant', 'b'), said('user', 'c'), said('user', 'd')];
    expect(chat(said('system', 's'), ...talk)).toEqual({
      ok: true,
      value: {
        text: 'c\n\nd',
        files: [],
        instructions: 's',
        earlier: [
          { role: 'user', text: 'a' },
          { role: 'assistant', text: 'b' },
        ],
      },
    });
  });

  test('is the same in the other protocol, where calls of tools are told too', () => {
    const items = [
      said('developer', 's'),
      said('user', [{ type: 'input_text', text: 'a' }]),
      { type: 'function_call', id: 'f', name: 'look', arguments: '{}' },
      said('user', 'b'),
    ];
    expect(input(items, { instructions: 'i' })).toMatchObject({
      ok: true,
      value: {
        text: 'b',
        instructions: 'i\n\ns',
        earlier: [
          { role: 'user', text: 'a' },
          { role: 'function_call', text: '{"name":"look","arguments":"{}"}' },
        ],
      },
    });
    expect(input('hello')).toMatchObject({ value: { text: 'hello', instructions: '', earlier: [] } });
  });

  test('asks for JSON in words', () => {
    const format = { type: 'json_schema', name: 'n', schema: { type: 'object' } };
    expect(input('a', { text: { format } })).toMatchObject({
      value: { instructions: expect.stringContaining('"schema":{"type":"object"}') },
    });
  });

  test('may bring pictures and files', () => {
    const url = 'data:image/png;base64,AAAA';
    const picture = { mime_type: 'image/png', filename: 'picture', data_base64: url };
    const parts = [
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
    ];
    expect(chat(said('user', parts))).toMatchObject({
      value: { text: 'Look', files: [picture, { mime_type: 'application/pdf', filename: 'a.pdf' }] },
    });
    const items = [said('user', [{ type: 'input_image', image_url: url }])];
    expect(input(items)).toMatchObject({ value: { text: '', files: [picture] } });
  });

  test.each([
    ['no words', [said('user', ' ')], 'messages'],
    ['an answer last', [said('user', 'a'), said('assistant', 'b')], 'messages'],
    ['no text', [said('user', [{ type: 'input_audio' }])], 'messages.0.content.0'],
    ['endless instructions', [said('system', 'x'.repeat(32_769)), said('user', 'a')], 'messages'],
  ])('is refused where it has %s', (_, messages, field) => {
    expect(chat(...messages)).toMatchObject({ ok: false, error: { status: 400, field } });
  });
});

describe('earlier talk', () => {
  const earlier = [
    { role: 'user', text: 'a' },
    { role: 'assistant', text: 'b' },
    { role: 'user', text: 'c' },
  ];

  test('is told as far as the conversation has not heard it', () => {
    expect(unknownOf(earlier, new Set(['c']))).toEqual(earlier.slice(0, 2));
    expect(unknownOf(earlier, new Set(['a']))).toEqual([]);
    expect(unknownOf(earlier, new Set(['x']))).toEqual(earlier);
  });

  test('counts as words from outside where not only the user spoke', () => {
    const asked = { instructions: '' };
    expect(asideOf({ ...asked, earlier })).toMatchObject({ origins: [expect.any(String)] });
    expect(asideOf({ ...asked, earlier: earlier.slice(0, 1) })).toEqual({ earlier: 'user: a' });
    expect(asideOf({ ...asked, earlier: [] })).toBeUndefined();
  });

  test('is cut where it is too long, at its beginning', () => {
    const long = [{ role: 'user', text: `${'x'.repeat(60_000)}end` }];
    const aside = asideOf({ instructions: '', earlier: long });
    expect(aside?.earlier).toHaveLength(48_002);
    expect(aside?.earlier).toMatch(/xend$/);
  });
});

test('the id of a response says which part of which conversation it is', () => {
  const places = [
    { conversationId: 'a talk/ü', start: { kind: 'message', inboxId: '01X' } },
    { conversationId: 'talk', start: { kind: 'decision', approvalId: 'q1' } },
  ] as const;
  for (const place of places) expect(readResponseId(responseId(place))).toEqual(place);
  for (const id of ['', 'resp_', 'resp_x', 'resp_!!', 'msg_bTEKYQ'])
    expect(readResponseId(id)).toBeUndefined();
});
