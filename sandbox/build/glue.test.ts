import { expect, it } from 'vitest';
import { objectionToGlue } from './glue.ts';

it.each([
  "import fs from 'node:fs';",
  "import 'node:fs';",
  "export { readFile } from 'node:fs';",
  "const fs = await import('node:fs');",
  "x = import ('node:fs')",
  "eval('1')",
  "new Function('return 1')",
  "(() => {}).constructor('return 1')",
  "require('fs')",
])('glue with %s is refused', (line) => {
  expect(objectionToGlue(`export function instantiate() {}\n${line}\n`)).toBeDefined();
});

it.each([
  "new URL('./tool.core.wasm', import.meta.url)",
  'class A { constructor(type) {} }',
  'trampoline.eval_ = 1; host.import(x);',
  "throw new Error('did you forget to wait for an import?')",
])('glue with %s passes', (line) => {
  expect(objectionToGlue(line)).toBeUndefined();
});
