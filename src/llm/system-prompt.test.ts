import { encode } from 'gpt-tokenizer';
import { expect, test } from 'vitest';
import { renderSystemPrompt } from './system-prompt.ts';

const NEW_YEARS_EVE = Date.UTC(2026, 11, 31, 23, 30);

test('it names the day where the user is', () => {
  expect(renderSystemPrompt({ now: NEW_YEARS_EVE, timezone: 'Asia/Tokyo' })).toContain('1 January 2027');
  expect(renderSystemPrompt({ now: NEW_YEARS_EVE, timezone: 'America/New_York' })).toContain(
    '31 December 2026',
  );
});

test('it is the same text all day, so that providers can reuse it', () => {
  const at = (now: number): string => renderSystemPrompt({ now, timezone: 'UTC' });
  expect(at(NEW_YEARS_EVE)).toBe(at(NEW_YEARS_EVE - 3_600_000));
});

test('nothing is left unfilled and it costs at most 500 tokens', () => {
  const prompt = renderSystemPrompt({ now: NEW_YEARS_EVE, timezone: 'Europe/Berlin' });
  expect(prompt).not.toContain('{{');
  expect(encode(prompt).length).toBeLessThanOrEqual(500);
});
