import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../core/package-root.ts';
import { runReplay, type Summary } from './index.ts';

const TRACES = join(PACKAGE_ROOT, '..', 'shared', 'data', 'traces');

test('the recorded traces all pass', async (context) => {
  if (!existsSync(TRACES)) context.skip(`there are no traces at ${TRACES}`);
  const lines: string[] = [];
  const code = await runReplay([TRACES], { json: true, verbose: false, print: (line) => lines.push(line) });
  const summary: Summary = JSON.parse(lines.join('\n'));
  expect(summary.files.filter(({ passed }) => !passed)).toEqual([]);
  expect(code).toBe(0);
}, 240_000);
