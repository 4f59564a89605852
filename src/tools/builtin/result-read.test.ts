import { encode } from 'gpt-tokenizer';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { MAX_SHOWN_BYTES } from '../../safety/index.ts';
import { callTool } from '../testing.ts';
import { resultReadTool } from './result-read.ts';

const LONG = Array.from({ length: 5_000 }, (_, at) => `line ${at}\n`).join('');

const context = (content: string, origins: readonly string[] = []) => ({
  earlierResult: (callId: string) => (callId === 'call_1' ? { content, origins } : undefined),
  earlierResults: () => [{ callId: 'call_1', tool: 'web_fetch', characters: content.length }],
});
const read = (args: JsonObject, content = LONG, origins: readonly string[] = []) =>
  callTool([resultReadTool()], 'result_read', { call_id: 'call_1', ...args }, context(content, origins));

/** The text of a page without the remark. */
const textOf = (content: string): string => content.slice(0, content.lastIndexOf('\n['));

test('page after page shows all of it, exactly once, whatever the characters', async () => {
  const pageAll = async (content: string, limit: number): Promise<string> => {
    let whole = '';
    for (let offset = 0; ; ) {
      const page = (await read({ offset, limit }, content)).content;
      expect(page.isWellFormed()).toBe(true);
      whole += textOf(page);
      const next = /Go on with offset (\d+)\.\]$/.exec(page)?.[1];
      if (next === undefined) return whole;
      expect(Number(next)).toBeGreaterThan(offset);
      offset = Number(next);
    }
  };
  for (const content of [LONG, '👊'.repeat(100), 'ä', '']) expect(await pageAll(content, 700)).toBe(content);
  expect(await pageAll('👊👊', 1)).toBe('👊👊');
});

test('carries whose words they are', async () => {
  expect((await read({}, 'text', ['the page a.example'])).origins).toEqual(['the page a.example']);
  expect((await read({}, 'text')).origins).toBeUndefined();
});

test('takes numbers as they come', async () => {
  const start = (await read({ limit: 100 })).content;
  for (const args of [
    { offset: -5, limit: 100 },
    { offset: '0', limit: '100' },
    { offset: null, limit: 100 },
  ])
    expect((await read(args)).content).toBe(start);
  expect((await read({ offset: 10_000_000 })).content).toContain('This is the end');
  expect(textOf((await read({ limit: 0 })).content)).toHaveLength(8_000);
  const most = (await read({ limit: 10_000_000 })).content;
  expect(Buffer.byteLength(most)).toBeLessThanOrEqual(MAX_SHOWN_BYTES);
  expect(Buffer.byteLength(most)).toBeGreaterThan(MAX_SHOWN_BYTES - 1_000);
});

test('finds a text, and says where to go on', async () => {
  const first = (await read({ find: 'LINE 49' })).content;
  expect(first.split('\n')[0]).toMatch(/^\[at \d+\] …/);
  expect(first).toContain('line 490');
  const next = /Go on with offset (\d+)/.exec(first)?.[1];
  expect((await read({ find: 'line 49', offset: Number(next) })).content).not.toContain('[at 336]');
  expect((await read({ find: 'nowhere' })).content).toContain('does not occur');
});

test('names the results that there are', async () => {
  expect(await read({ call_id: 'call_2' })).toEqual({
    ok: false,
    content: `No result of a call "call_2" is known in this conversation. There are, latest first: call_1 (web_fetch, ${LONG.length} characters).`,
  });
});

test('costs at most 130 tokens in each request', () => {
  const { name, description, parameters } = resultReadTool();
  expect(encode(JSON.stringify({ name, description, parameters })).length).toBeLessThanOrEqual(130);
});
