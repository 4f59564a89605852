import { describe, expect, test } from 'vitest';
import type { ModelLimits, ModelRequest } from '../src/llm/index.ts';
import { fixedChoice } from './models/choice.ts';
import { type Bench, openBench, type Script } from './testing/bench.ts';

/** 3,541 tokens of a prompt can be used; see `promptWindow`. */
const SMALL: ModelLimits = { contextTokens: 6_000, outputTokens: 1_000, vision: false };

const open = (script: Script, limits = SMALL): Promise<Bench> =>
  openBench({ script, choice: (played) => fixedChoice({ ...played, limits }) });

const isSummary = ({ system }: ModelRequest): boolean => system.startsWith('You sum up');

const textOf = ({ messages }: ModelRequest): string =>
  messages.map((message) => (message.role === 'tool' ? message.content : message.text)).join('\n');

/** About 1,250 tokens. */
const FILLER = 'The quick brown fox jumps over the lazy dog near the river bank. '.repeat(90);

async function say(bench: Bench, text: string): Promise<string> {
  const inboxId = await bench.say(text);
  const { turnId } = await bench.waitFor('turn.began', ({ messages }) => messages[0]?.inboxId === inboxId);
  return (await bench.waitFor('turn.replied', (entry) => entry.turnId === turnId)).text;
}

/** Knows what it is shown and nothing else. */
const honest: Script = (request) => {
  const text = textOf(request);
  const name = /cat is called (\w+)/.exec(text)?.[1];
  if (isSummary(request)) return `Facts: the cat is called ${name ?? 'nothing'}.`;
  return text.endsWith('What is it called?') ? `It is called ${name ?? 'I do not know what'}.` : 'Noted.';
};

/** 3,000 tokens with the system prompt: another filler is too much. */
async function fillUp(bench: Bench): Promise<void> {
  await say(bench, `My cat is called Mimi. ${FILLER}${FILLER}`);
  await say(bench, 'Second.');
}

const QUESTION = `${FILLER}What is it called?`;

describe('a conversation that is too long for the model', () => {
  test('is summed up in the middle of a turn, which goes on with what the first turn said', async () => {
    const shown: string[] = [];
    await using bench = await open((request, call) => {
      if (!isSummary(request)) shown.push(textOf(request));
      return honest(request, call);
    });
    await fillUp(bench);
    expect(await say(bench, QUESTION)).toBe('It is called Mimi.');
    const entries = await bench.entries();
    const turns = entries.filter((entry) => entry.type === 'turn.began').map(({ turnId }) => turnId);
    const [compacted, ...others] = entries.filter((entry) => entry.type === 'history.compacted');
    expect(others).toEqual([]);
    expect(compacted).toMatchObject({
      summary: 'Facts: the cat is called Mimi.',
      turnId: turns[2],
      turnIds: turns.slice(0, 1),
    });
    expect(compacted?.tokensAfter).toBeLessThan((compacted?.tokensBefore ?? 0) / 10);
    expect(shown.at(-1)).not.toContain('My cat');
    expect(shown.at(-1)).toContain('Second.');
  });

  test('stays summed up after everything was restarted', async () => {
    await using bench = await open(honest);
    await fillUp(bench);
    await say(bench, `${FILLER}And now?`);
    await bench.restart();
    expect(await say(bench, 'What is it called?')).toBe('It is called Mimi.');
    expect((await bench.entries()).filter(({ type }) => type === 'history.compacted')).toHaveLength(1);
  });

  test('is shown without its beginning where no summary can be had, and says so', async () => {
    let asked = 0;
    const shown: string[] = [];
    await using bench = await open((request) => {
      if (!isSummary(request)) {
        shown.push(textOf(request));
        return 'Noted.';
      }
      asked++;
      return { failure: { kind: 'bad-response', message: 'It wrote nonsense.' } };
    });
    await fillUp(bench);
    expect(await say(bench, `${FILLER}And now?`)).toBe('Noted.');
    expect(asked).toBe(1);
    expect(shown.at(-1)).toContain('earlier exchanges of this conversation are left out');
    expect(shown.at(-1)).not.toContain('My cat');
    expect(shown.at(-1)).toContain('Second.');
  });

  test('is summed up where the provider refuses what should have fitted', async () => {
    let refused = false;
    await using bench = await open(
      (request, call) => {
        const isTooLong = !refused && !isSummary(request) && textOf(request).endsWith('What is it called?');
        if (!isTooLong) return honest(request, call);
        refused = true;
        return { failure: { kind: 'context-too-long', message: 'too long' } };
      },
      { contextTokens: 20_000, outputTokens: 1_000, vision: false },
    );
    await fillUp(bench);
    expect(await say(bench, QUESTION)).toBe('It is called Mimi.');
    expect((await bench.entries()).some(({ type }) => type === 'history.compacted')).toBe(true);
  });

  test('is summed up piece by piece where it is longer than one call can read', async () => {
    const pieces: string[] = [];
    await using bench = await open((request, call) => {
      if (isSummary(request)) {
        const text = textOf(request);
        if (text.length > 6_000) return { failure: { kind: 'context-too-long', message: 'too long' } };
        pieces.push(text);
      }
      return honest(request, call);
    });
    await fillUp(bench);
    expect(await say(bench, QUESTION)).toBe('It is called Mimi.');
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces[1]).toContain('the cat is called Mimi');
  });
});
