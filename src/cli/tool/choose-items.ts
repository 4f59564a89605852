import { createInterface } from 'node:readline/promises';
import { IronbarkError } from '../../core/errors.ts';
import type { RequestedItem } from '../../extensions/index.ts';
import { isInteractive, print, type Settings, type Terminal } from '../context.ts';
import { plain } from './show.ts';

/** What was said on the command line about what a tool asks for. */
export type Wish = 'all' | 'none' | undefined;

/** @throws IronbarkError `usage` */
export function parseWish(text: string | undefined): Wish {
  if (text === undefined || text === 'all' || text === 'none') return text;
  throw new IronbarkError('usage', `--approve takes all or none, not "${text}".`);
}

/** Whether somebody is there to be asked, and the answer is for a person. */
export const isAsked = (wish: Wish, { json }: Settings, terminal: Terminal): boolean =>
  wish === undefined && !json && isInteractive(terminal);

/**
 * Which of the items the user approves: as the command line says, else as the person at the terminal answers, else
 * none of them.
 *
 * @throws IronbarkError `approval-needed` where the person leaves without an answer
 */
export async function chooseItems(
  items: readonly RequestedItem[],
  wish: Wish,
  settings: Settings,
  terminal: Terminal,
): Promise<readonly string[]> {
  if (wish === 'all') return items.map(({ id }) => id);
  return isAsked(wish, settings, terminal) ? askEach(items, terminal) : [];
}

async function askEach(
  items: readonly RequestedItem[],
  { stdin, stdout }: Terminal,
): Promise<readonly string[]> {
  const chosen: string[] = [];
  const questions = openQuestions(stdin, stdout);
  try {
    for (const [at, { id, words }] of items.entries()) {
      const answer = await questions.ask(`${plain(words)}? [y]es, [N]o, [a]ll that follow: `);
      if (answer === 'all') return [...chosen, ...items.slice(at).map((item) => item.id)];
      if (answer === 'yes') chosen.push(id);
      if (answer === 'left') throw left(stdout);
    }
    return chosen;
  } finally {
    questions.close();
  }
}

type Answer = 'yes' | 'no' | 'all' | 'left';

function openQuestions(input: Terminal['stdin'], output: Terminal['stdout']) {
  const lines = createInterface({ input, output, terminal: true });
  let isOpen = true;
  lines.once('close', () => {
    isOpen = false;
  });
  // Not `question`: it loses what was typed ahead of it.
  const answers = lines[Symbol.asyncIterator]();
  return {
    /** Asks until the answer is one of the three; `left` is Ctrl-C, Ctrl-D, or a terminal that is gone. */
    async ask(question: string): Promise<Answer> {
      lines.setPrompt(question);
      for (;;) {
        if (isOpen) lines.prompt();
        const { done, value } = await answers.next();
        if (done) return 'left';
        const answer = ANSWERS.get(value.trim().toLowerCase());
        if (answer) return answer;
      }
    },
    close: () => lines.close(),
  };
}

const ANSWERS: ReadonlyMap<string, Answer> = new Map([
  ['', 'no'],
  ['n', 'no'],
  ['no', 'no'],
  ['y', 'yes'],
  ['yes', 'yes'],
  ['a', 'all'],
  ['all', 'all'],
]);

function left(stdout: Terminal['stdout']): IronbarkError {
  print(stdout, '');
  return new IronbarkError('approval-needed', 'Stopped at a question. Nothing was changed.');
}
