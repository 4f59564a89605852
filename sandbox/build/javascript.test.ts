import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Builder, createBuilder } from './index.ts';

let folder: string;
let builder: Builder;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-javascript-'));
  builder = createBuilder({ cacheDir: folder });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function message(source: string, by: Builder = builder): Promise<string> {
  const made = await by.javascript(source);
  if (made.ok) throw new Error('it was built');
  expect(made.error.rule).toBe('javascript');
  return made.error.message;
}

async function rule(source: string, by: Builder): Promise<string> {
  const made = await by.javascript(source);
  return made.ok ? 'built' : made.error.rule;
}

const RUN = "export const description = 'd'; export function run() {}";

describe('an author is told', () => {
  it('where the syntax is wrong, in lines and columns of the source', async () => {
    expect(await message(`${RUN}\n\nlet b = ;\n`)).toMatch(/^Line 3, column 9: .*';'/);
  });

  it('the column on the first line too', async () => {
    expect(await message('let b = ;\n')).toMatch(/^Line 1, column 9: /);
  });

  it('where the top level threw', async () => {
    expect(await message(`${RUN}\nthrow new TypeError('boo');`)).toMatch(/^Line 2, column \d+: boo$/);
  });

  it.each([
    ["import fs from 'fs';", /^Line 2: "fs" cannot be imported/],
    ["import './neighbour.js';", /^Line 2: "\.\/neighbour\.js" cannot be imported/],
    ["import text from '/etc/passwd';", /^Line 2: "\/etc\/passwd" cannot be imported/],
    ["await import('node:fs');", /"node:fs" cannot be imported/],
    ["import { fetch } from 'near:agent/host@0.4.1';", /does not provide an export named 'fetch'/],
  ])('that nothing can be imported: %s', async (line, expected) => {
    expect(await message(`${RUN}\n${line}`)).toMatch(expected);
  });

  it('that a tool must be exported', async () => {
    expect(await message('const run = () => 1;')).toContain('exports no tool');
  });

  it.each([
    ["export const description = 'd';\nexport async function run() {}", 'run'],
    ["export const description = 'd';\nexport const run = async () => 1;", 'run'],
    [
      "export const tool = { schema() { return ''; }, description() { return ''; },\nasync execute() {} };",
      'tool.execute',
    ],
  ])('on which line it is asynchronous: %s', async (source, name) => {
    expect(await message(source)).toMatch(new RegExp(`^Line 2: ${name} must be synchronous`));
  });

  it.each([
    ['export function run() {}', 'description must be a text'],
    ["export const description = 'd'; export const run = 1;", 'run must be a function'],
    ['export const tool = { schema() {}, description() {} };', 'tool.execute must be a function'],
  ])('what is missing: %s', async (source, expected) => {
    expect(await message(source)).toBe(expected);
  });

  it('that the host cannot be called at the top level', async () => {
    const source = `import { nowMillis } from 'near:agent/host@0.4.1'; nowMillis(); ${RUN}`;
    expect(await message(source)).toContain('calls the host (now-millis) while it loads');
  });
});

describe('a top level that misbehaves', () => {
  it('ends at the deadline when it never ends', async () => {
    const hasty = createBuilder({ cacheDir: folder, deadlineMs: 2000 });
    expect(await rule(`${RUN}\nfor (;;) {}`, hasty)).toBe('deadline');
  });

  it.skipIf(process.platform !== 'linux')('ends at the limit of memory when it takes and takes', async () => {
    const bomb = `${RUN}\nconst all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));`;
    expect(await rule(bomb, createBuilder({ cacheDir: folder, memoryBytes: 500 * 1024 * 1024 }))).toBe(
      'memory',
    );
  });

  it('sees no process, no environment, no network and no files', async () => {
    const names = ['process', 'require', 'fetch', 'Deno', 'std', 'os', 'WebAssembly', 'navigator'];
    const probe = `throw new Error(${JSON.stringify(names)}.filter((name) => name in globalThis).join());`;
    expect(await message(`${RUN}\n${probe}`)).toMatch(/unknown error$/);
  });
});

it('a source that is too large is refused', async () => {
  expect(await rule(`${RUN}\n//${'x'.repeat(1024 * 1024)}`, builder)).toBe('too-large');
});

it('the world of JavaScript is that of other tools and a seed', async () => {
  const read = (name: string) => readFile(new URL(`../wit/${name}.wit`, import.meta.url), 'utf8');
  const lines = (wit: string) => wit.split('\n').map((line) => line.trim());
  const meaning = (wit: string) => lines(wit).filter((line) => line !== '' && !line.startsWith('///'));
  const [tool, javascript] = [meaning(await read('tool-0.4.1')), meaning(await read('javascript'))];
  const shared = javascript.slice(0, javascript.indexOf('package wasi:random@0.2.12 {'));
  expect(shared.filter((line) => !line.includes('wasi:random/insecure-seed'))).toEqual(tool);
});
