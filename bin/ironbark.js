#!/usr/bin/env node
// Finds the Node this program is built for and runs the program in it. Plain JavaScript that any Node from 20 on
// can run: this file is what npm links as the `ironbark` command, whatever Node the system has.
import { existsSync } from 'node:fs';
// Not by name: a Node without the compile cache would refuse to load this file at all.
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_MAJOR = 26;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const launcher = fileURLToPath(import.meta.url);

// glibc keeps an arena for every thread and gives none back when the thread ends: what the embedding model took would
// stay taken. It reads this once, before anything of ours runs, so the process begins again with it.
const FEW_ARENAS = { MALLOC_ARENA_MAX: '1' };

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) await runHere();
else await runInPinnedNode();

async function runHere() {
  beginAgainWithFewArenas();
  // Under the user's own folder: a cache of code in a folder that others can write would be theirs to poison.
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  module.enableCompileCache?.(join(cache, 'ironbark', 'node'));
  await import(pathToFileURL(programPath()).href);
}

/** Takes 30 ms, and only where it helps: under Linux, for what stays. */
function beginAgainWithFewArenas() {
  const isShort = process.argv.length > 2 && process.argv[2] !== 'serve';
  if (process.platform !== 'linux' || process.env.MALLOC_ARENA_MAX || isShort || !process.execve) return;
  const args = [process.execPath, ...process.execArgv, launcher, ...process.argv.slice(2)];
  process.execve(process.execPath, args, { ...FEW_ARENAS, ...process.env });
}

/** A checkout runs its sources; the published package has none and runs what was compiled from them. */
function programPath() {
  const root = dirname(dirname(launcher));
  const source = join(root, 'src', 'cli', 'main.ts');
  return existsSync(source) ? source : join(root, 'dist', 'src', 'cli', 'main.js');
}

async function runInPinnedNode() {
  const node = pinnedNode();
  if (!node) fail(`its own copy of Node ${NEEDED_MAJOR} is missing. Run: npm rebuild node`);
  const { spawn } = await import('node:child_process');
  const env = { ...FEW_ARENAS, ...process.env };
  const child = spawn(node, [launcher, ...process.argv.slice(2)], { stdio: 'inherit', env });
  child.once('error', (error) => fail(`its own copy of Node cannot be started (${error.message}).`));
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => endLike(code, signal));
}

function pinnedNode() {
  try {
    const folder = dirname(module.createRequire(launcher).resolve('node/package.json'));
    const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** Ends as the program ended, so that whoever started us sees the same code or the same signal. */
function endLike(code, signal) {
  if (!signal) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function fail(why) {
  console.error(
    `ironbark: needs Node ${NEEDED_MAJOR} or newer, this is ${process.versions.node}, and ${why}`,
  );
  process.exit(1);
}
