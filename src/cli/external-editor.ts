import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../config/index.ts';
import { coerceError } from '../core/errors.ts';
import { err, ok, type Result } from '../core/result.ts';

const OWNER_ONLY = 0o600;
/** As git falls back to. */
const FALLBACK = 'vi';

/**
 * The text as the user left it in `$VISUAL`, `$EDITOR` or vi, which has this process's terminal until it ends. It stands
 * in a file that only the user can read, and that is gone afterwards.
 *
 * @returns as an error, in words, that the editor could not be started or ended as one that failed
 */
export async function editOutside(text: string, env: Environment): Promise<Result<string, string>> {
  const editor = env.VISUAL || env.EDITOR || FALLBACK;
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-draft-'));
  const path = join(folder, 'message.md');
  try {
    await writeFile(path, text, { mode: OWNER_ONLY });
    const code = await exitOf(editor, path);
    if (code !== 0) return err(`The editor "${editor}" ended with ${code}; the draft stays as it was.`);
    return ok((await readFile(path, 'utf8')).replaceAll('\r\n', '\n').replace(/\n$/, ''));
  } catch (thrown) {
    return err(`The editor "${editor}" gave no draft back: ${coerceError(thrown).message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** By the shell, because the setting may have options in it: `code --wait`. */
function exitOf(editor: string, path: string): Promise<number | string> {
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'no code'));
  });
}
