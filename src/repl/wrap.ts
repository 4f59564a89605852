import { displayWidth } from './width.ts';

const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`${ESCAPE}\\[([0-9;]*)m`, 'g');
const PIECES = new RegExp(`${ESCAPE}\\[[0-9;]*m|.`, 'gsu');

/**
 * Breaks text into terminal rows of at most so many columns, at spaces where there are any. Every row begins
 * with the colours that are still on from the row before, so that each can be painted by itself. The last row
 * is where the text stops, and is empty after a line end.
 */
export function wrapped(text: string, columns: number): readonly string[] {
  let open = '';
  return text.split('\n').flatMap((line) =>
    wrappedLine(line, columns).map((row) => {
      const whole = open + row;
      open = openColours(whole);
      return whole;
    }),
  );
}

function wrappedLine(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of line.match(/[^ ]+ *| +/g) ?? []) {
    if (displayWidth(row) + displayWidth(word.trimEnd()) > columns && displayWidth(row) > 0) {
      rows.push(row.trimEnd());
      row = '';
    }
    const parts = word.trimEnd() === '' ? [word.slice(0, columns)] : brokenWord(word, columns);
    rows.push(...parts.slice(0, -1));
    row += parts.at(-1) ?? '';
  }
  return [...rows, row];
}

/** A word that is wider than a whole row is broken anywhere. */
function brokenWord(word: string, columns: number): readonly string[] {
  if (displayWidth(word.trimEnd()) <= columns) return [word];
  const parts = [''];
  let width = 0;
  for (const piece of word.match(PIECES) ?? []) {
    width += displayWidth(piece);
    if (width > columns) {
      parts.push('');
      width = displayWidth(piece);
    }
    parts[parts.length - 1] += piece;
  }
  return parts;
}

/** The colour sequences of a text that nothing in it has turned off again. */
function openColours(text: string): string {
  let on: readonly string[] = [];
  for (const [sequence, code] of text.matchAll(COLOUR)) on = afterColour(on, sequence, Number(code));
  return on.join('');
}

function afterColour(on: readonly string[], sequence: string, code: number): readonly string[] {
  if (code === 0) return [];
  if (code === 22) return on.filter((other) => !/\[[12]m/.test(other));
  if (code === 39) return on.filter((other) => !/\[3\dm/.test(other));
  return [...on, sequence];
}
