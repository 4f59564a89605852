import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../core/journal.ts';
import { FREE_AND_WIDE } from '../model.ts';
import { answered, began, called, compacted, exchange, returned } from '../testing/records.ts';
import { createTokenCounter } from '../tokens/token-counter.ts';
import { type FitOptions, fitTranscript } from './fit-transcript.ts';
import { measureText } from './measure.ts';
import { planCompaction } from './plan-compaction.ts';
import { promptWindow } from './window.ts';

const { countTokens } = createTokenCounter();

const notCounted = (): never => {
  throw new Error('counted');
};

const options = (tokens: number, more: Partial<FitOptions> = {}): FitOptions => ({
  window: { tokens, usable: Math.floor(tokens * 0.85) },
  fixed: [measureText('You are helpful.')],
  count: countTokens,
  maySumUp: true,
  beginsLate: false,
  ...more,
});

const textOf = async (records: readonly JournalRecord[], fit: FitOptions): Promise<string> =>
  JSON.stringify((await fitTranscript(records, fit)).messages);

/** So many tokens, about. */
const words = (tokens: number): string => 'word '.repeat(tokens);
const talk = (turns: number, tokens: number): readonly JournalRecord[] =>
  Array.from({ length: turns }, (_, at) => exchange(`t${at}`, `number ${at}: ${words(tokens)}`)).flat();

describe('the window of a model', () => {
  const of = (name: string, contextTokens: number, outputTokens: number) =>
    promptWindow({ name, limits: { contextTokens, outputTokens, vision: false } }).tokens;

  test('keeps room for the answer, a quarter at most', () => {
    expect(of('openai/gpt-5-mini', 400_000, 128_000)).toBe(300_000);
    expect(of('openai/gpt-5-mini', 400_000, 10_000)).toBe(390_000);
  });

  test('is smaller where tokens are counted otherwise', () => {
    expect(of('anthropic/claude-opus-4-7', 200_000, 64_000)).toBe(111_111);
    expect(promptWindow({ ...FREE_AND_WIDE, name: 'played' }).tokens).toBe(780_000);
  });
});

describe('a conversation', () => {
  test('that is short is shown whole, and nothing is counted', async () => {
    const fit = await fitTranscript(talk(20, 50), options(100_000, { count: notCounted }));
    expect(fit.messages).toHaveLength(40);
    expect(fit.tooLong).toBe(false);
  });

  test('is counted near the end of the window only', async () => {
    const records = talk(10, 100);
    expect((await fitTranscript(records, options(1_500))).tooLong).toBe(false);
    expect((await fitTranscript(records, options(1_200))).tooLong).toBe(true);
  });

  test('has to be summed up where it is too long, unless that was tried: then its beginning is left out', async () => {
    const records = talk(10, 100);
    expect((await fitTranscript(records, options(600))).tooLong).toBe(true);
    const fit = await fitTranscript(records, options(600, { maySumUp: false }));
    expect(fit.tooLong).toBe(false);
    const text = JSON.stringify(fit.messages);
    expect(text).toContain('earlier exchanges of this conversation are left out');
    expect(text).toContain('number 9');
    expect(text).toContain('number 6');
    expect(text).not.toContain('number 3');
  });

  test('is not to be summed up where nothing would be won', async () => {
    const one = exchange('a', words(2_000));
    expect((await fitTranscript(one, options(600))).tooLong).toBe(false);
    const summed = [...one, ...exchange('b', words(2_000)), compacted(['a'], 'summary')];
    expect((await fitTranscript(summed, options(600))).tooLong).toBe(false);
  });

  test('of more turns than a session can hold is summed up although it would fit', async () => {
    const records = talk(800, 1);
    expect((await fitTranscript(records, options(1_000_000))).tooLong).toBe(true);
    const plan = await planCompaction(records, { ...options(1_000_000), force: false });
    expect(plan?.turnIds.length).toBeGreaterThan(500);
    const turnIds = plan?.turnIds ?? [];
    const after = [...records, compacted(turnIds, 'summary')];
    expect((await fitTranscript(after, options(1_000_000))).tooLong).toBe(false);
  });

  test('that begins before what is at hand says so', async () => {
    expect(await textOf(talk(2, 1), options(9_000, { beginsLate: true }))).toContain('are left out');
    expect(await textOf(talk(2, 1), options(9_000))).not.toContain('are left out');
  });
});

describe('long results of tools', () => {
  const records = [
    began('a', 'go'),
    called('a', 'x'),
    returned('a', 'x', words(6_000)),
    answered('a', 'done'),
    began('b', 'again'),
    called('b', 'y'),
    returned('b', 'y', words(6_000)),
    called('b', 'z'),
    returned('b', 'z', words(6_000)),
  ];
  const isShort = (text: string, callId: string) =>
    text.includes(`result_read {\\"call_id\\":\\"${callId}\\"`);

  test('of earlier turns are shortened from half of the window on', async () => {
    const [wide, half] = [await textOf(records, options(60_000)), await textOf(records, options(33_000))];
    expect(['x', 'y', 'z'].map((callId) => isShort(wide, callId))).toEqual([false, false, false]);
    expect(['x', 'y', 'z'].map((callId) => isShort(half, callId))).toEqual([true, false, false]);
  });

  test('of this turn are shortened where nothing else helps, but for the latest', async () => {
    const text = await textOf(records.slice(4), options(30_000 / 2.6));
    expect(isShort(text, 'y')).toBe(true);
    expect(text.length).toBeGreaterThan(10_000);
  });
});

describe('what is to be summed up', () => {
  test('is the oldest part, the newest two turns stay', async () => {
    const plan = await planCompaction(talk(10, 100), { ...options(600), force: false });
    expect(plan?.turnIds).toEqual(['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7']);
    expect(plan?.messages[0]).toMatch(/^User: number 0/);
    expect(plan?.messages[1]).toBe('Assistant: ok');
    expect(plan?.tokens).toBeGreaterThan(800);
  });

  test('is all but two turns where the user asks for it, and nothing where there are no more', async () => {
    const plan = (turns: number) => planCompaction(talk(turns, 10), { ...options(100_000), force: true });
    expect((await plan(5))?.turnIds).toEqual(['t0', 't1', 't2']);
    expect(await plan(2)).toBeUndefined();
  });

  test('takes in the summary so far with its turns, and whose words they are', async () => {
    const records = [...talk(6, 10), compacted(['t0', 't1'], 'what was first', ['the page x'])];
    const plan = await planCompaction(records, { ...options(100_000), force: true });
    expect(plan?.turnIds).toEqual(['t0', 't1', 't2', 't3']);
    expect(plan?.earlier).toContain('what was first');
    expect(plan?.messages.join()).not.toContain('number 1');
    expect(plan?.origins).toEqual(['the page x']);
  });
});
