import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { World } from '../../artefact.ts';
import { componentOf, keep, readWit } from './component.ts';

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL('rust/guest.rs', import.meta.url));
const TARGET = 'wasm32-unknown-unknown';

/** The system's compiler before one from rustup, whose toolchains seldom have the target. */
const COMPILERS = ['/usr/bin/rustc', 'rustc'];

/**
 * A compiler that can build guests, or undefined. Debian's packages for it: `rustc libstd-rust-dev-wasm32 lld`.
 * Tests that need one skip where there is none: `it.skipIf(!(await findRustCompiler()))`.
 */
export async function findRustCompiler(): Promise<string | undefined> {
  for (const compiler of COMPILERS) if (await hasTarget(compiler)) return compiler;
  return undefined;
}

async function hasTarget(compiler: string): Promise<boolean> {
  try {
    const { stdout } = await run(compiler, ['--print', 'target-libdir', '--target', TARGET]);
    return existsSync(stdout.trim()) && (await run('wasm-ld', ['--version'])).stdout !== '';
  } catch {
    return false;
  }
}

/**
 * A component of that world in Rust. Tools do what the first word of their params, or of the text of `{"do":"…"}`, says: `echo TEXT`, `context`,
 * `http URL`, `secret NAME`, `invoke ALIAS PARAMS`, `read PATH`, `now`, `log [N]`, `fail TEXT`, `trap`, `loop`,
 * `recurse`, `grow`, `big`. The channel emits what is posted to it and writes what it is to say to the file `last`.
 */
export async function buildRustGuest(world: World = 'tool@0.4.1'): Promise<Uint8Array> {
  const compiler = await findRustCompiler();
  if (compiler === undefined) throw new Error(`no rustc with the target ${TARGET} and wasm-ld`);
  const { source, name } = await readWit(world);
  const { stdout: version } = await run(compiler, ['--version']);
  return keep([await readFile(SOURCE, 'utf8'), source, version], async () =>
    componentOf(await compile(compiler, world), source, name),
  );
}

async function compile(compiler: string, world: World): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-rust-'));
  const output = join(folder, 'guest.wasm');
  const cfg = world.replace(/[@.]/g, '_');
  const flags = ['--edition', '2021', '--crate-type', 'cdylib', '--target', TARGET, '-O', '--cfg', cfg];
  const linker = ['-C', 'linker=wasm-ld', '-C', 'link-arg=--no-entry', '-C', 'link-arg=--strip-all'];
  try {
    await run(compiler, [...flags, ...linker, SOURCE, '-o', output]);
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
