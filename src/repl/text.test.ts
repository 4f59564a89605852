import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../actors/commands/table.ts';
import { createAnswerStream } from '../core/answer-stream.ts';
import { createMemoryModelsDesk } from '../llm/testing/memory-models-desk.ts';
import { commandNames } from './commands.ts';
import { complete, sharedBeginning } from './complete.ts';
import { duration } from './duration.ts';
import { isPrivate } from './history-file.ts';
import { readInput } from './input.ts';
import { createMarkdown } from './markdown.ts';
import { createPlainText, plainText } from './plain-text.ts';
import { createStyle } from './style.ts';
import { displayWidth, fitted } from './width.ts';
import { wrapped } from './wrap.ts';

const ESCAPE = '\x1b';
const anyText = fc.string({ unit: 'binary' });
const controlText = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '語',
      '\n',
      '\t',
      '\r',
      ESCAPE,
      '[',
      ']',
      '3',
      '1',
      ';',
      'm',
      '\x07',
      '\\',
      '\x9b',
    ),
  )
  .map((chars) => chars.join(''));

/** Splits a text into pieces at random places. */
const inPieces = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.nat(50), { maxLength: 8 })).map(([whole, cuts]) => {
    const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
    return { whole, pieces: at.slice(1).map((end, index) => whole.slice(at[index], end)) };
  });

describe('plain text', () => {
  test('keeps words, lines and emoji', () => {
    expect(plainText('a\tb\nc 👩‍💻 語')).toBe('a    b\nc 👩‍💻 語');
  });

  test('drops colours, titles, links, clipboard writes and direction marks', () => {
    expect(plainText('\x1b[1;31mred\x1b[0m')).toBe('red');
    expect(plainText('\x1b]8;;http://evil\x07link\x1b]8;;\x1b\\!')).toBe('link!');
    expect(plainText('\x1b]52;c;ZXZpbA==\x07x')).toBe('x');
    expect(plainText('\x9b2Jx\x1bPq\x1b\\y\x1b(Bz')).toBe('xyz');
    expect(plainText('over\rwrite \u202eevil\u202c\b')).toBe('overwrite evil');
  });

  test('an unfinished command swallows no more than its line', () => {
    expect(plainText('a\x1b]0;never ended\nnext line')).toBe('a\nnext line');
  });

  test('never lets a control character through but the line end', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, controlText), (text) => {
        expect(plainText(text)).not.toMatch(/[^\P{Cc}\n]/u);
      }),
    );
  });

  test('is the same however the text is cut', () => {
    fc.assert(
      fc.property(inPieces(controlText), ({ whole, pieces }) => {
        const stream = createPlainText();
        expect(pieces.map((piece) => stream.write(piece)).join('')).toBe(plainText(whole));
      }),
    );
  });
});

describe('Markdown', () => {
  const colours = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');
  const render = (pieces: readonly string[]) => {
    const markdown = createMarkdown(createStyle(true));
    return pieces.map((piece) => markdown.write(piece)).join('') + markdown.end();
  };

  test('shows headings and strong words bold, code coloured, lists with bullets', () => {
    expect(render(['# Title\n'])).toBe('\x1b[1mTitle\x1b[22m\n');
    expect(render(['a **b** c'])).toBe('a \x1b[1mb\x1b[22m c');
    expect(render(['use `x` now'])).toBe('use \x1b[36m`x`\x1b[39m now');
    expect(render(['- one\n  * two\n'])).toBe('• one\n  • two\n');
    expect(render(['```ts\n**x**\n```\nb'])).toBe('\x1b[36m```ts\n**x**\n```\n\x1b[39mb');
  });

  test('leaves stars alone that mark nothing', () => {
    expect(render(['2 ** 3 and a * b *c'])).toBe('2 ** 3 and a * b *c');
    expect(render(['**'])).toBe('**');
  });

  test('a mark that is never closed ends with its line', () => {
    expect(render(['**a\nb'])).toBe('\x1b[1ma\x1b[22m\nb');
  });

  test('is the same however the text is cut, and loses no letter', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', ' ', '\n', '*', '**', '`', '```', '#', '- ', '1'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(inPieces(text), ({ whole, pieces }) => {
        const shown = render(pieces);
        expect(shown).toBe(render([whole]));
        const letters = (from: string) => from.replace(colours, '').replace(/[^ab1\n]/g, '');
        expect(letters(shown)).toBe(letters(whole));
      }),
    );
  });

  test('without colour the text is as the model wrote it', () => {
    expect(createMarkdown(createStyle(false)).write('# **a**')).toBe('# **a**');
  });
});

describe('rows', () => {
  test('break at spaces, and anywhere in a word that is too long', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapped('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrapped('a\n\nb', 9)).toEqual(['a', '', 'b']);
  });

  test('carry colours on to the next row', () => {
    expect(wrapped('\x1b[1mone two\x1b[22m x', 4)).toEqual(['\x1b[1mone', '\x1b[1mtwo\x1b[22m', 'x']);
  });

  test('are never wider than the terminal and keep every letter', () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', ' ', '語', '👍', '\n', '\x1b[1m', '\x1b[22m'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (whole, columns) => {
        const rows = wrapped(whole, columns);
        for (const row of rows) expect(displayWidth(row.trimEnd())).toBeLessThanOrEqual(columns);
        expect(plainText(rows.join('')).replace(/\s/g, '')).toBe(plainText(whole).replace(/\s/g, ''));
      }),
    );
  });

  test('count wide characters as two columns and marks as none', () => {
    expect(displayWidth('語')).toBe(2);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('\x1b[31m✓\x1b[0m')).toBe(1);
    expect(fitted('語語語', 5)).toBe('語語…');
    expect(fitted('abc', 3)).toBe('abc');
  });
});

describe('input', () => {
  const idle = { busy: false, asked: false };
  const asked = { busy: true, asked: true };

  test('is a message unless it is something else', () => {
    expect(readInput(' hello ', idle)).toEqual({ type: 'send', text: 'hello', mode: 'auto' });
    expect(readInput('  ', idle)).toEqual({ type: 'nothing' });
    expect(readInput('/undo', idle)).toEqual({ type: 'send', text: '/undo', mode: 'auto' });
  });

  test('answers a question only while one is asked', () => {
    expect(readInput('yes', asked)).toEqual({ type: 'decide', decision: 'once' });
    expect(readInput('No, not there', asked)).toEqual({
      type: 'decide',
      decision: 'deny',
      reason: 'not there',
    });
    expect(readInput('yes', idle)).toEqual({ type: 'send', text: 'yes', mode: 'auto' });
    expect(readInput('/deny too risky', idle)).toEqual({
      type: 'decide',
      decision: 'deny',
      reason: 'too risky',
    });
  });

  test('answers for longer stand alone, and only while a question is asked', () => {
    for (const text of ['2', 'c', 'Conversation.', 'session', 'For this conversation'])
      expect(readInput(text, asked)).toEqual({ type: 'decide', decision: 'conversation' });
    expect(readInput('4', asked)).toEqual({ type: 'decide', decision: 'always' });
    expect(readInput('4 use the other folder', asked)).toMatchObject({ type: 'send' });
    expect(readInput('for this conversation', idle)).toMatchObject({ type: 'send' });
    expect(readInput('/conversation', idle)).toEqual({ type: 'decide', decision: 'conversation' });
    expect(readInput('/conversations', asked)).toMatchObject({ type: 'conversations' });
  });

  test('a yes with a condition is no yes', () => {
    expect(readInput('yes, but only src', asked)).toMatchObject({ type: 'send' });
  });

  test('quotes when idle and steers when busy', () => {
    expect(readInput('> x', idle)).toEqual({ type: 'send', text: '> x', mode: 'auto' });
    expect(readInput('> x', { busy: true, asked: false })).toEqual({
      type: 'send',
      text: 'x',
      mode: 'steer',
    });
  });

  test('names from the language itself are ordinary words', () => {
    expect(readInput('constructor', asked)).toMatchObject({ type: 'send' });
  });

  test('is completed by its beginning, else by its letters', async () => {
    expect(await candidates('/res')).toEqual(['/resume']);
    expect(await candidates('/cnv')).toEqual(['/conversations']);
    expect(await candidates('/resume a')).toEqual(['abc']);
    expect(await candidates('hello')).toEqual([]);
    expect(await candidates('/constructor x')).toEqual([]);
  });

  test('Tab offers every command of the assistant, and every choice that one leaves', async () => {
    const offered = new Set(commandNames());
    const names = COMMANDS.map(({ name }) => `/${name}`).filter((name) => name !== '/conversation');
    expect(names.filter((name) => !offered.has(name))).toEqual([]);
    const choices = COMMANDS.filter(({ usage = '' }) => /^\[?[a-z]+(\|[a-z]+)+\]?$/.test(usage));
    expect(choices.length).toBeGreaterThan(1);
    for (const { name, usage = '' } of choices)
      expect(await candidates(`/${name} `)).toEqual(usage.replace(/[[\]]/g, '').split('|').sort());
  });

  test('/help is completed by the names of commands, /model by what can be asked', async () => {
    expect(await candidates('/help und')).toEqual(['undo']);
    expect(await candidates('/model def')).toEqual(['default']);
  });

  test('what several share is filled in as far as it goes', () => {
    expect(sharedBeginning(['notes/a', 'notes/b'])).toBe('notes/');
    expect(sharedBeginning(['one'])).toBe('one');
    expect(sharedBeginning(['a', 'ab'])).toBe('a');
  });

  async function candidates(before: string): Promise<readonly string[]> {
    const models = createMemoryModelsDesk();
    const found = await complete(before, {
      conversationIds: () => ['abc', 'xyz'],
      models: () => models,
      filesFolder: async () => undefined,
    });
    return found.candidates;
  }
});

describe('an answer', () => {
  test('is shown once, whether it comes in pieces, whole, or both', () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(inPieces(text), fc.nat(8), fc.boolean(), ({ whole, pieces }, missing, late) => {
        const stream = createAnswerStream();
        let offset = 0;
        let shown = '';
        for (const [index, piece] of pieces.entries()) {
          const arrives = late ? index > missing : index !== missing;
          if (arrives) shown += stream.delta({ type: 'delta', effectId: 'e', offset, text: piece });
          offset += piece.length;
        }
        shown += stream.completed('e', whole);
        shown += stream.replied(whole);
        expect(shown).toBe(whole);
      }),
    );
  });

  test('that is begun anew goes on where it was, or is told from its beginning where it goes another way', () => {
    const stream = createAnswerStream();
    const delta = (offset: number, text: string): string =>
      stream.delta({ type: 'delta', effectId: 'e', offset, text });
    expect(delta(0, 'Rain is')).toBe('Rain is');
    expect(delta(0, 'Rain')).toBe('');
    expect(delta(4, ' is likely')).toBe(' likely');
    expect(delta(0, 'Ra')).toBe('');
    expect(delta(2, 'dio')).toBe('\n\nRadio');
    expect(delta(5, ' says rain')).toBe(' says rain');
    expect(stream.completed('e', 'Radio says rain.')).toBe('.');
  });

  test('of the next model call begins anew', () => {
    const stream = createAnswerStream();
    stream.completed('e1', 'Let me look.');
    expect(stream.delta({ type: 'delta', effectId: 'e2', offset: 0, text: 'Let me say' })).toBe('Let me say');
  });
});

test('durations read as a person would say them', () => {
  expect([3.4, 999, 1500, 125_000].map(duration)).toEqual(['3 ms', '999 ms', '1.5 s', '2 min 5 s']);
});

test('lines that hold credentials are private, and talk about them is not', () => {
  for (const line of [
    'key sk-abcdefghijkl1234',
    'AKIAABCDEFGHIJKLMNOP',
    'password: hunter22',
    'api_key=abcdef1',
    'postgres://a:b@c/d',
    ' secret by choice',
  ])
    expect(isPrivate(line)).toBe(true);
  for (const line of ['explain token buckets', 'what is a secret?', 'see https://example.com/a'])
    expect(isPrivate(line)).toBe(false);
});
