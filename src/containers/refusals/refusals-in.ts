import { posix } from 'node:path';
import type { Refusal, RefusalRule } from './refusal.ts';

/** Of long outputs their beginning and their end are read. */
const READ_CHARACTERS = 64 * 1024;
/** Of a line, on either side of what stands out in it. */
const LINE_CHARACTERS = 250;
const MOST_SIGNS = 100;

/** The words of the kernel's errors, in whatever program says them. */
const SIGN =
  /not permitted|read-only file system|permission denied|no space left|network is unreachable|resource temporarily unavailable|cannot fork|can't start new thread|file too large|file size limit|failed to connect|must be superuser/gi;

const RULES: readonly (readonly [RefusalRule, (line: string) => boolean])[] = [
  ['not-permitted', says(/operation not permitted|must be superuser/i)],
  ['read-only', says(/read-only file system/i)],
  ['no-space', says(/no space left on device/i)],
  ['disk-limit', says(/file too large|file size limit exceeded/i)],
  ['process-limit', says(/fork: .*resource temporarily unavailable|cannot fork|can't start new thread/i)],
  // What goes through the way out connects to the container itself.
  ['no-network', says(/network is unreachable|failed to connect to (?!localhost |127\.|::1 )\S+ port \d/i)],
  // What a program may not do in the container's own folders is its own affair.
  ['denied', (line) => /permission denied/i.test(line) && absolutePathsIn(line).some(isOutside)],
];

function says(words: RegExp): (line: string) => boolean {
  return (line) => words.test(line);
}

/** Not at the beginning, where programs put their own name. */
const absolutePathsIn = (line: string): readonly string[] => line.match(/(?<=[\s'"‘“`(])\/[\w./-]+/g) ?? [];

const OWN_FOLDERS: readonly string[] = ['/workspace', '/tmp', '/state'];

function isOutside(path: string): boolean {
  const place = posix.normalize(path);
  return !OWN_FOLDERS.some((folder) => place === folder || place.startsWith(`${folder}/`));
}

/** What a program's output says that the kernel refused: each rule once, with the first line that says so. */
export function refusalsIn(output: string): readonly Refusal[] {
  const found = new Map<RefusalRule, Refusal>();
  const text = endsOf(output);
  let signs = 0;
  for (const { index } of text.matchAll(SIGN)) {
    if (++signs > MOST_SIGNS) break;
    const line = lineAt(text, index);
    for (const [rule, isSaid] of RULES)
      if (!found.has(rule) && isSaid(line)) found.set(rule, { rule, evidence: 'output', line });
  }
  return [...found.values()];
}

const endsOf = (text: string): string =>
  text.length <= 2 * READ_CHARACTERS
    ? text
    : `${text.slice(0, READ_CHARACTERS)}\n${text.slice(-READ_CHARACTERS)}`;

function lineAt(text: string, index: number): string {
  const near = text.slice(Math.max(0, index - LINE_CHARACTERS), index);
  const rest = text.slice(index, index + LINE_CHARACTERS);
  const end = rest.indexOf('\n');
  return (near.slice(near.lastIndexOf('\n') + 1) + (end < 0 ? rest : rest.slice(0, end)))
    .trim()
    .toWellFormed();
}
