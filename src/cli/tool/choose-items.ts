import { createInterface } from 'node:readline/promises';
import { IronbarkError } from '../../core/errors.ts';
import type { RequestedItem } from '../../extensions/index.ts';
import { isInteractive, print, type Terminal } from '../context.ts';

/** What was said on the command line about what a tool asks for. */
export type Wish = 'all' | 'none' | undefined;

export function parseWish(text: string | undefined): Wish {
  if (text === undefined || text === 'all' || text === 'none') return text;
  throw new IronbarkError('usage', `--approve takes all or none, not "${text}".`);
}

/**
 * Which of the items the user approves: as the command line says, else as the person at the terminal answers, else
 * none of them. Each is put in plain words.
 */
export async function chooseItems(
  items: readonly RequestedItem[],
  wish: Wish,
  terminal: Terminal,
): Promise<readonly string[]> {
  if (items.length === 0 || wish === 'none') return [];
  if (wish === 'all') return items.map(({ id }) => id);
  if (!isInteractive(terminal)) return [];
  const ask = createInterface({ input: terminal.stdin, output: terminal.stdout });
  try {
    const chosen: string[] = [];
    for (const [at, { id, words }] of items.entries()) {
      const answer = (await ask.question(`${words}? [y]es, [N]o, [a]ll that follow: `)).trim().toLowerCase();
      if (answer.startsWith('a')) return [...chosen, ...items.slice(at).map((item) => item.id)];
      if (answer.startsWith('y')) chosen.push(id);
    }
    return chosen;
  } finally {
    ask.close();
  }
}

/** Tells what was approved, and how to change it. */
export function tellChoice(
  name: string,
  items: readonly RequestedItem[],
  chosen: readonly string[],
  terminal: Terminal,
): void {
  if (items.length === 0) return;
  const rest = items.length - chosen.length;
  const left = rest > 0 ? ` ${rest} not: ironbark tool approve ${name}` : '';
  print(terminal.stdout, `Approved ${chosen.length} of ${items.length} wishes.${left}`);
}
