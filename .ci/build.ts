import { spawnSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Builds `dist/` for the published package: JavaScript, the type declarations of what it offers to other programs
 * (`ironbark/runtime`), and the data files that modules read from beside themselves. Node does not strip types below `node_modules`, which is why the package holds
 * JavaScript while a checkout runs its sources as they are.
 */
rmSync('dist', { recursive: true, force: true });
for (const project of ['tsconfig.build.json', 'tsconfig.types.json']) {
  const { status } = spawnSync('tsc', ['-p', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
const data = [
  'src/*/prompts/*.md',
  'src/containers/inside/*',
  'sandbox/wit/*.wit',
  'sandbox/javascript/prelude.js',
];
for (const file of globSync(data)) cpSync(file, join('dist', file));
