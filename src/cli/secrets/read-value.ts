import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { IronbarkError } from '../../core/errors.ts';
import { MAX_SECRET_BYTES } from '../../core/secrets.ts';
import type { Terminal } from '../context.ts';

/** A secret's value: typed on a terminal without showing, else all of standard input without its last line break. */
export async function readValue(name: string, terminal: Terminal): Promise<string> {
  const value = terminal.stdin.isTTY
    ? await typed(`Value of ${name} (not shown): `, terminal)
    : await piped(terminal);
  if (value !== '') return value;
  throw new IronbarkError(
    'usage',
    'The value is empty, so nothing was changed.',
    `Type it, or give it as input: ironbark secrets set ${name} < FILE`,
  );
}

/** The line is edited as usual, but what it looks like goes nowhere. */
function typed(prompt: string, { stdin, stderr }: Terminal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  stderr.write(prompt);
  return new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => reject(new IronbarkError('usage', 'Cancelled; nothing was changed.')));
  }).finally(() => {
    lines.close();
    stderr.write('\n');
  });
}

async function piped({ stdin }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    bytes += Buffer.byteLength(chunk);
    // A line break more than is stored.
    if (bytes > MAX_SECRET_BYTES + 2) throw tooLong();
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

const tooLong = (): IronbarkError =>
  new IronbarkError('usage', `The value is too long: a secret has ${MAX_SECRET_BYTES} bytes at most.`);
