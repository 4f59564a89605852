import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { init, parse as parseModule } from 'es-module-lexer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artefact } from '../artefact.ts';
import { FUEL } from '../limits/index.ts';
import { componentOf } from '../testing/guests/component.ts';
import { buildRustGuest, buildWat, buildWatGuest, findRustCompiler } from '../testing/guests/index.ts';
import { type Builder, createBuilder } from './index.ts';

const rust = await findRustCompiler();
if (rust === undefined)
  console.warn('No rustc for wasm32-unknown-unknown: worlds other than tool@0.4.1 are not tested.');

declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
  };
};

let folder: string;
let builder: Builder;
let echo: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-build-'));
  builder = createBuilder({ cacheDir: folder });
  echo = await buildWatGuest('echo');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function built(bytes: Uint8Array, by: Builder = builder): Promise<Artefact> {
  const made = await by.component(bytes);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

async function refusal(bytes: Uint8Array, by: Builder = builder) {
  const made = await by.component(bytes);
  if (made.ok) throw new Error('it was built');
  return made.error;
}

/** A component whose every function traps, of the world `guest` in `wit`. */
async function dummy(wit: string): Promise<Uint8Array> {
  const core = await componentEmbed({ dummy: true, witSource: wit, world: 'guest' });
  return new Uint8Array(await componentNew(core, []));
}

const toolWit = await readFile(new URL('../wit/tool-0.4.1.wit', import.meta.url), 'utf8');

/** The interface of tools with something changed or added, and a world `guest` that imports all of that. */
const changed = (from: string, to: string, imports = ''): string =>
  `${toolWit.replace('world sandboxed-tool {', `world guest {\n${imports}`).replace(from, to)}`;

describe('a component', () => {
  it('becomes an artefact that says its world and what it imports', async () => {
    const artefact = await built(echo);
    expect(artefact.world).toBe('tool@0.4.1');
    expect(artefact.imports).toEqual(['near:agent/host@0.4.1']);
    expect(artefact.componentHash).toMatch(/^[0-9a-f]{64}$/);
    expect(artefact.modules.map(({ name }) => name)).toContain('tool.core.wasm');
  });

  it('has modules that take fuel', async () => {
    const [main] = (await built(echo)).modules;
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(main?.bytes ?? new Uint8Array()));
    expect(imports).toContainEqual(expect.objectContaining(FUEL));
  });

  it('gets glue that imports nothing', async () => {
    await init;
    const [imports, exports] = parseModule((await built(echo)).glue);
    expect(imports.filter(({ type }) => type !== 'import-meta')).toEqual([]);
    expect(exports.map((one) => 'name' in one && one.name)).toContain('instantiate');
  });

  it.skipIf(!rust).each(['tool@0.4.1', 'tool@0.3.0', 'channel@0.3.1'] as const)(
    'of the world %s is recognised',
    async (world) => {
      expect((await built(await buildRustGuest(world))).world).toBe(world);
    },
  );
});

describe('refused is', () => {
  it('what is not WebAssembly', async () => {
    expect(await refusal(Buffer.from('#!/bin/sh'))).toMatchObject({ rule: 'not-wasm' });
  });

  it('a core module, with a word on how to make a component', async () => {
    const { rule, message } = await refusal(await parse('(module)'));
    expect(rule).toBe('not-a-component');
    expect(message).toContain('wasm-tools component new');
  });

  it('what is too large', async () => {
    const small = createBuilder({ cacheDir: folder, maxBytes: 1000 });
    expect(await refusal(echo, small)).toMatchObject({ rule: 'too-large' });
  });

  it('a component that was cut short', async () => {
    expect(await refusal(echo.slice(0, echo.length - 100))).toMatchObject({ rule: 'invalid' });
  });

  it('a component that exports no tool', async () => {
    const bytes = await dummy('package a:b; world guest { export greet: func() -> string; }');
    expect(await refusal(bytes)).toMatchObject({ rule: 'missing-export' });
  });

  it('another version of the interface, named beside those that are supported', async () => {
    const { rule, message } = await refusal(await dummy(changed('near:agent@0.4.1', 'near:agent@0.9.2')));
    expect(rule).toBe('missing-export');
    expect(message).toContain('near:agent/tool@0.9.2');
    expect(message).toContain('near:agent/tool@0.4.1');
  });

  it('a component that imports what is not served, all of it named', async () => {
    const foreign = `package wasi:sockets@0.2.0 { interface tcp { open: func(); } }
      package wasi:http@0.2.0 { interface outgoing-handler { handle: func(); } }`;
    const imports =
      'import wasi:sockets/tcp@0.2.0; import wasi:http/outgoing-handler@0.2.0; import sneak: func();';
    const { rule, message } = await refusal(await dummy(`${changed('', '', imports)}\n${foreign}`));
    expect(rule).toBe('foreign-import');
    for (const name of ['wasi:sockets/tcp@0.2.0', 'wasi:http/outgoing-handler@0.2.0', 'sneak'])
      expect(message).toContain(name);
  });

  it('an interface without one of its functions', async () => {
    const bytes = await dummy(changed('  description: func() -> string;\n', ''));
    const { rule, message } = await refusal(bytes);
    expect(rule).toBe('missing-export');
    expect(message).toContain('description');
  });

  it('a function of the host that has other types than in that version', async () => {
    const { rule, message } = await refusal(
      await dummy(changed('now-millis: func() -> u64', 'now-millis: func() -> u32')),
    );
    expect(rule).toBe('wrong-shape');
    expect(message).toContain('nowMillis of near:agent/host@0.4.1');
  });

  it('a module that begins with more memory than is allowed', async () => {
    const wat = await readFile(new URL('../testing/guests/wat/echo.wat', import.meta.url), 'utf8');
    const bytes = await buildWat(
      wat.replace('(memory (export "memory") 2)', '(memory (export "memory") 500)'),
    );
    const { rule, message } = await refusal(bytes);
    expect(rule).toBe('limits');
    expect(message).toContain('tool.core.wasm');
  });

  it('a build that takes too long', async () => {
    const hasty = createBuilder({ cacheDir: await mkdtemp(join(folder, 'hasty-')), deadlineMs: 1 });
    expect(await refusal(echo, hasty)).toMatchObject({ rule: 'deadline' });
  });

  it('a build whose caller has gone', async () => {
    const fresh = createBuilder({ cacheDir: await mkdtemp(join(folder, 'gone-')) });
    const gone = new AbortController();
    const building = fresh.component(echo, gone.signal);
    gone.abort();
    expect(await building).toMatchObject({ ok: false, error: { rule: 'aborted' } });
  });
});

describe('the cache', () => {
  /** A deadline that no process can meet: what comes out comes from the cache. */
  const fromCache = (cacheDir: string): Builder => createBuilder({ cacheDir, deadlineMs: 1 });

  async function filled(): Promise<{ cacheDir: string; artefact: Artefact; entry: string }> {
    const cacheDir = await mkdtemp(join(folder, 'cache-'));
    const artefact = await built(echo, createBuilder({ cacheDir }));
    const [name = ''] = await readdir(cacheDir);
    return { cacheDir, artefact, entry: join(cacheDir, name) };
  }

  it('gives the same artefact again without a build', async () => {
    const { cacheDir, artefact } = await filled();
    expect(await built(echo, fromCache(cacheDir))).toEqual(artefact);
  });

  it('does not give an artefact that was limited otherwise', async () => {
    const { cacheDir } = await filled();
    const tighter = createBuilder({
      cacheDir,
      deadlineMs: 1,
      limits: { memoryPages: 20, tableElements: 100 },
    });
    expect(await refusal(echo, tighter)).toMatchObject({ rule: 'deadline' });
  });

  it.each(['glue.js', 'tool.core.wasm', 'artefact.json'])('builds anew where %s is damaged', async (file) => {
    const { cacheDir, artefact, entry } = await filled();
    const whole = await readFile(join(entry, file));
    await writeFile(join(entry, file), whole.subarray(0, whole.length - 3));
    expect(await refusal(echo, fromCache(cacheDir))).toMatchObject({ rule: 'deadline' });
    expect(await built(echo, createBuilder({ cacheDir }))).toEqual(artefact);
    expect(await built(echo, fromCache(cacheDir))).toEqual(artefact);
  });

  it('lets callers that come at once share a build, and one of them leave', async () => {
    const cacheDir = await mkdtemp(join(folder, 'shared-'));
    const shared = createBuilder({ cacheDir });
    const leaver = new AbortController();
    const all = [shared.component(echo), shared.component(echo), shared.component(echo, leaver.signal)];
    leaver.abort();
    const [first, second, third] = await Promise.all(all);
    expect(third).toMatchObject({ error: { rule: 'aborted' } });
    // One build makes one object.
    expect(first?.ok && second?.ok && first.value === second.value).toBe(true);
  });

  it('keeps what it is told to keep and removes the rest', async () => {
    const { cacheDir, artefact, entry } = await filled();
    await createBuilder({ cacheDir, limits: { memoryPages: 20, tableElements: 100 } }).component(echo);
    await mkdtemp(join(cacheDir, 'unfinished-'));
    await writeFile(join(cacheDir, 'note.txt'), 'not ours');
    const keeper = createBuilder({ cacheDir });
    await keeper.prune(new Set([artefact.componentHash]));
    expect((await readdir(cacheDir)).map((name) => join(cacheDir, name)).sort()).toEqual(
      [entry, join(cacheDir, 'note.txt')].sort(),
    );
    await keeper.prune(new Set());
    expect(await readdir(cacheDir)).toEqual(['note.txt']);
  });
});

it('a component of the same core module and interface is the same', async () => {
  const core = await parse(
    await readFile(new URL('../testing/guests/wat/echo.wat', import.meta.url), 'utf8'),
  );
  expect(await componentOf(core, toolWit, 'sandboxed-tool')).toEqual(echo);
});
