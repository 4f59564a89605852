import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Of which all are asked about in one go. */
const AT_ONCE = 100;

/**
 * The shared libraries that programs need, each at the path where this machine's linker finds it, the linker itself
 * among them. `ldd` says so; what is linked to nothing it answers with a failure, which is an answer.
 */
export async function librariesOf(programs: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let at = 0; at < programs.length; at += AT_ONCE) {
    const text = await linkage(programs.slice(at, at + AT_ONCE));
    for (const [, path] of text.matchAll(/(?:=>|^)\s+(\/\S+) \(0x/gm))
      if (path !== undefined) found.add(path);
  }
  return [...found].sort();
}

async function linkage(programs: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('ldd', [...programs], { maxBuffer: 64 << 20 });
    return stdout;
  } catch (thrown) {
    const partial = thrown instanceof Error && 'stdout' in thrown ? thrown.stdout : undefined;
    if (typeof partial === 'string') return partial;
    throw thrown;
  }
}
