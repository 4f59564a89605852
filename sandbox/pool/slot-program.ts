import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';

const FOLDER = fileURLToPath(new URL('../slot', import.meta.url));

/**
 * The file that a slot runs. The package holds JavaScript. A checkout holds TypeScript, which a process without
 * permissions would have to strip of its types at each start, for 150 ms; so it is done once for each state of the
 * sources, and kept beside them in `.cache/`.
 */
export function slotProgram(): string {
  return import.meta.url.endsWith('.ts') ? stripped() : join(FOLDER, 'main.js');
}

function stripped(): string {
  const sources = globSync('**/*.ts', { cwd: FOLDER, exclude: ['**/*.test.ts'] })
    .sort()
    .map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
  const folder = join(PACKAGE_ROOT, '.cache', `slot-${hash}`);
  if (!existsSync(folder)) writeStripped(folder, sources);
  return join(folder, 'main.js');
}

/** Whole or not at all: somebody else may be at it, too. */
function writeStripped(
  folder: string,
  sources: readonly { readonly file: string; readonly text: string }[],
): void {
  const temporary = `${folder}.${process.pid}`;
  for (const { file, text } of sources) {
    const target = join(temporary, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, stripTypeScriptTypes(text).replace(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"));
  }
  writeFileSync(join(temporary, 'package.json'), '{"type":"module"}');
  try {
    renameSync(temporary, folder);
  } catch (thrown) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw thrown;
  }
}
