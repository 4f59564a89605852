import { countTokens as counted } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test, vi } from 'vitest';
import { tokensAtLeast, tokensAtMost } from './estimate.ts';
import { tokenFactor } from './family.ts';
import { createTokenCounter } from './token-counter.ts';

const TEXTS = [
  'Hello, world',
  'Zwölf Boxkämpfer 👊',
  '東京タワーは高い。',
  '',
  '{"a":[1,2,3]}',
  'const a = 1;\n'.repeat(50),
];

test('counts as the tokenizer does, and a repeated text once', async () => {
  const { countTokens } = createTokenCounter();
  const expected = TEXTS.map((text) => counted(text));
  expect(await countTokens(TEXTS)).toEqual(expected);
  expect(await countTokens([...TEXTS, 'Hello, world'])).toEqual([...expected, expected[0]]);
});

test('lies between what the size of a text promises', async () => {
  const { countTokens } = createTokenCounter();
  for (const [at, tokens] of (await countTokens(TEXTS)).entries()) {
    const bytes = Buffer.byteLength(TEXTS[at] ?? '');
    expect(tokens).toBeLessThanOrEqual(tokensAtMost(bytes));
    expect(tokens).toBeGreaterThanOrEqual(tokensAtLeast(bytes));
  }
});

test('reads control tokens as text', async () => {
  const [tokens = 0] = await createTokenCounter().countTokens(['<|endoftext|><|im_start|>']);
  expect(tokens).toBeGreaterThan(4);
});

test('starts no thread before it is asked, and ends it when idle', async () => {
  const counter = createTokenCounter({ idleMs: 1 });
  expect(counter.isRunning()).toBe(false);
  expect(await counter.countTokens([])).toEqual([]);
  expect(counter.isRunning()).toBe(false);
  const counts = counter.countTokens(['a text']);
  expect(counter.isRunning()).toBe(true);
  expect(await counts).toEqual([2]);
  await vi.waitUntil(() => !counter.isRunning());
  expect(await counter.countTokens(['another text'])).toEqual([2]);
});

test('estimates what takes too long, and counts it when it is asked again', async () => {
  const counter = createTokenCounter({ patienceMs: 0 });
  expect(await counter.countTokens(['x'.repeat(400)])).toEqual([100]);
  expect(counter.isRunning()).toBe(false);
});

test('finishes a long run of one letter', async () => {
  const [tokens = 0] = await createTokenCounter().countTokens(['a'.repeat(50_000)]);
  expect(tokens).toBeGreaterThan(6_000);
});

test('models of other families are given room', () => {
  expect(['openai/gpt-5-mini', 'gpt-4o', 'o3'].map(tokenFactor)).toEqual([1, 1, 1]);
  expect(tokenFactor('anthropic/claude-opus-4-7')).toBe(1.35);
  expect(tokenFactor('ollama/llama3')).toBe(1.2);
});
