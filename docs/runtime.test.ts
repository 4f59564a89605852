import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../src/core/package-root.ts';

/** Every example of the book is a whole program. Here they are checked and run as they stand in it. */

const BOOK = readFileSync(join(PACKAGE_ROOT, 'docs', 'runtime.md'), 'utf8');
const FOLDER = join(PACKAGE_ROOT, '.cache', 'examples');

const run = promisify(execFile);

interface Example {
  readonly title: string;
  readonly file: string;
  readonly code: string;
}

/** The fenced blocks of TypeScript, each named after the heading that it stands under. */
function examplesIn(book: string): readonly Example[] {
  let heading = '';
  const examples: Example[] = [];
  for (const part of book.split(/^(#{1,4} .+|```ts\n[\s\S]*?^```)$/m)) {
    if (part.startsWith('#')) heading = part.replace(/^#+ /, '');
    if (!part.startsWith('```ts')) continue;
    const code = part.slice('```ts\n'.length, -'```'.length);
    examples.push({ title: heading, file: join(FOLDER, `${examples.length + 1}.ts`), code });
  }
  return examples;
}

const examples = examplesIn(BOOK);
const RUNTIME = '../../src/runtime/index.ts';

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, code } of examples)
    writeFileSync(file, code.replaceAll("'ironbark/runtime'", `'${RUNTIME}'`));
  const tsconfig = { extends: join(PACKAGE_ROOT, 'tsconfig.json'), include: [FOLDER] };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(tsconfig));
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test('the book has examples', () => {
  expect(examples.length).toBeGreaterThan(5);
});

test.each(examples)('the example under "$title" runs', async ({ file }) => {
  await run(process.execPath, [file], { timeout: 20_000 });
});

test('the examples have no type errors', async () => {
  const compiled = run(join(PACKAGE_ROOT, 'node_modules', '.bin', 'tsc'), [
    '-p',
    join(FOLDER, 'tsconfig.json'),
  ]);
  const output = await compiled.then(
    () => '',
    ({ stdout }) => String(stdout),
  );
  expect(output).toBe('');
}, 60_000);
