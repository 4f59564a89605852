import { createInterface } from 'node:readline/promises';
import { IronbarkError } from '../../core/errors.ts';
import type { Terminal } from '../context.ts';

/** Asks for a yes on the terminal. Throws `approval-needed` where nobody is there to give it, or it is not given. */
export async function confirm(
  question: string,
  { stdin, stdout }: Terminal,
  hint = 'Say --yes, or first --dry-run.',
): Promise<void> {
  if (stdin.isTTY !== true)
    throw new IronbarkError('approval-needed', 'This is not done without a yes.', hint);
  const lines = createInterface({ input: stdin, output: stdout, terminal: true });
  const left = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), left]);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    lines.close();
  }
  throw new IronbarkError('approval-needed', 'Nothing was changed.');
}
