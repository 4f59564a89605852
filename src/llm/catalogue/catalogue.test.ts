import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../model.ts';
import { resolveModel } from '../settings.ts';
import { costMicroUsd } from './cost.ts';
import { KNOWN_MODELS } from './models.ts';
import { profileOf } from './profile.ts';
import { PROVIDER_NAMES, PROVIDERS } from './providers.ts';

const KEYS = PROVIDER_NAMES.flatMap((name) => PROVIDERS[name].variables.apiKey);

function profile(reference: string, env = {}): Pick<Model, 'limits' | 'price'> {
  const settings = resolveModel(reference, {}, env, KEYS);
  if (settings.provider === 'offline') throw new Error('expected a provider');
  return profileOf(settings);
}

describe('what is known of a model', () => {
  test('is found by the longest beginning of its name', () => {
    expect(profile('openai/gpt-5-mini').price).toMatchObject({ input: 0.25 });
    expect(profile('openai/gpt-5-mini-2025-08-07').price).toMatchObject({ input: 0.25 });
    expect(profile('openai/gpt-5-2025-08-07').price).toMatchObject({ input: 1.25 });
    expect(profile('anthropic/claude-sonnet-4-20250514').limits.contextTokens).toBe(200_000);
  });

  test('is not taken for a newer version’s', () => {
    expect(profile('anthropic/claude-opus-5-9').price).toBeUndefined();
    expect(profile('openai/gpt-5.9')).toEqual({
      limits: { contextTokens: 128_000, outputTokens: 8_000, vision: false },
      price: undefined,
    });
  });

  test('holds wherever it runs, but its price only at who asks it', () => {
    expect(profile('openrouter/anthropic/claude-sonnet-5.5:beta').price).toMatchObject({ output: 10 });
    expect(profile('nvidia/openai/gpt-oss-120b')).toMatchObject({
      limits: { contextTokens: 131_072 },
      price: undefined,
    });
    expect(profile('openai/gpt-5-mini', { OPENAI_BASE_URL: 'http://127.0.0.1:1234' }).price).toBeUndefined();
  });

  test('what runs on this machine costs nothing known, and Ollama reads little', () => {
    expect(profile('ollama/gpt-oss:20b')).toMatchObject({
      limits: { contextTokens: 32_000 },
      price: undefined,
    });
    expect(profile('lm-studio/anything').price).toBeUndefined();
  });

  test('every usual model of the large providers has a price', () => {
    for (const name of [
      'openai',
      'anthropic',
      'google',
      'openrouter',
      'groq',
      'mistral',
      'deepseek',
      'xai',
    ]) {
      expect(profile(name).price, name).toBeDefined();
    }
  });

  test('no name stands twice, and all are in the form in which they are looked for', () => {
    const prefixes = KNOWN_MODELS.map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z0-9-]+$/);
  });
});

test('the manual’s table of providers is the one in use', () => {
  const manual = readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');
  const rows = manual.match(/^\| `[\w-]+`\s.*`[^`]+`\s*\|$/gm) ?? [];
  const expected = PROVIDER_NAMES.map((name) => {
    const { model, variables } = PROVIDERS[name];
    return [name, ...variables.apiKey, ...variables.baseUrl, ...variables.model, model];
  });
  expect(rows.map((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, text]) => text))).toEqual(expected);
});

describe('what a call costs', () => {
  const price = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 };

  test('is the sum of its parts, each at its own price', () => {
    const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 600, cacheWriteTokens: 300 };
    expect(costMicroUsd(price, usage)).toBe(100 * 2 + 600 * 0.2 + 300 * 2.5 + 100 * 10);
  });

  test('is rounded up to a whole millionth, and never by a hair', () => {
    expect(costMicroUsd({ input: 0.1, output: 0.5 }, { inputTokens: 1, outputTokens: 0 })).toBe(1);
    expect(costMicroUsd({ input: 0.1, output: 0.2 }, { inputTokens: 10, outputTokens: 10 })).toBe(3);
  });

  test('is more for all of a prompt that is too long', () => {
    const luna = profile('openai/gpt-6-luna').price;
    if (!luna) throw new Error('expected a price');
    expect(costMicroUsd(luna, { inputTokens: 272_000, outputTokens: 0 })).toBe(27_200);
    expect(costMicroUsd(luna, { inputTokens: 273_000, outputTokens: 0 })).toBe(54_600);
  });

  test('without prices for the cache, its tokens are input like any other', () => {
    const usage = { inputTokens: 10, outputTokens: 0, cacheReadTokens: 5, cacheWriteTokens: 5 };
    expect(costMicroUsd({ input: 3, output: 9 }, usage)).toBe(30);
  });

  test('grows with every token and is never negative', () => {
    const tokens = fc.nat({ max: 1_000_000 });
    fc.assert(
      fc.property(tokens, tokens, tokens, (inputTokens, outputTokens, cacheReadTokens) => {
        const cost = costMicroUsd(price, { inputTokens, outputTokens, cacheReadTokens });
        const more = costMicroUsd(price, { inputTokens, outputTokens: outputTokens + 1, cacheReadTokens });
        expect(Number.isSafeInteger(cost) && cost >= 0 && more > cost).toBe(true);
      }),
    );
  });
});
