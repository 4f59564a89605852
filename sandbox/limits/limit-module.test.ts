import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { describe, expect, test } from 'vitest';
import { FUEL, type Limits, limitModule } from './index.ts';

interface Memory {
  readonly buffer: ArrayBuffer;
}

declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array): object;
    customSections(module: object, name: string): unknown[];
  };
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (...input: readonly number[]) => unknown>> };
  readonly Global: new (type: { value: 'i64'; mutable: true }, value: bigint) => { value: bigint };
  readonly Memory: new (extent: { initial: number; maximum?: number }) => Memory;
  readonly RuntimeError: ErrorConstructor;
  readonly LinkError: ErrorConstructor;
};

const PLENTY = 1_000_000n;

interface Running {
  /** Calls an export and says what it cost. */
  cost(name: string, ...input: readonly number[]): number;
  readonly exports: Readonly<Record<string, (...input: readonly number[]) => unknown>>;
  readonly fuel: { value: bigint };
  /** What had been taken at each call of the host. */
  readonly spentAtCalls: readonly number[];
}

async function running(wat: string, limits?: Limits, fuelAtStart = PLENTY): Promise<Running> {
  const limited = limitModule(await parse(wat), limits);
  if (!limited.ok) throw new Error(limited.error.message);
  const fuel = new WebAssembly.Global({ value: 'i64', mutable: true }, fuelAtStart);
  const spentAtCalls: number[] = [];
  const call = (): void => void spentAtCalls.push(Number(fuelAtStart - fuel.value));
  const imports = { host: { call }, [FUEL.module]: { [FUEL.name]: fuel } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(limited.value), imports);
  return {
    exports,
    fuel,
    spentAtCalls,
    cost(name, ...input) {
      const before = fuel.value;
      exports[name]?.(...input);
      return Number(before - fuel.value);
    },
  };
}

const ruleFor = async (wat: string, limits?: Limits): Promise<string | undefined> => {
  const limited = limitModule(await parse(wat), limits);
  return limited.ok ? undefined : limited.error.rule;
};

describe('each instruction that runs is one unit', () => {
  test('in straight code, where marks are free', async () => {
    const { cost } = await running(
      '(module (func (export "run") (block (nop) (drop (i32.add (i32.const 1) (i32.const 2))))))',
    );
    expect(cost('run')).toBe(4);
  });

  test('on the branch that is taken, and not on the other', async () => {
    const { cost } = await running(`(module (func (export "run") (param i32) (result i32)
      (if (result i32) (local.get 0)
        (then (i32.const 1))
        (else (i32.add (i32.const 1) (i32.add (i32.const 1) (i32.const 2)))))))`);
    expect(cost('run', 1)).toBe(2 + 1);
    expect(cost('run', 0)).toBe(2 + 5);
  });

  test('after a block that was left early', async () => {
    const { cost } = await running(`(module (func (export "run") (param i32)
      (block (br_if 0 (local.get 0)) (drop (i32.const 1)))
      (drop (i32.const 2))))`);
    expect(cost('run', 1)).toBe(2 + 2);
    expect(cost('run', 0)).toBe(2 + 2 + 2);
  });

  test('in each round of a loop', async () => {
    const { cost } = await running(`(module (func (export "run") (param i32)
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);
    expect(cost('run', 1)).toBe(5);
    expect(cost('run', 100)).toBe(500);
  });

  test('at each target of a branch table', async () => {
    const { cost } = await running(`(module (func (export "run") (param i32) (result i32)
      (block (block (br_table 0 1 (local.get 0))) (return (i32.const 1)))
      (i32.add (i32.const 1) (i32.const 2))))`);
    expect(cost('run', 0)).toBe(2 + 2);
    expect(cost('run', 1)).toBe(2 + 3);
  });

  test('at the default target of a branch table', async () => {
    const { cost } = await running(`(module (func (export "run") (param i32) (param $skip i32)
      (block $out
        (block $in
          (br_if $in (local.get $skip))
          (br_table $in $out (local.get 0)))
        (drop (i32.const 1)))
      (drop (i32.const 2))))`);
    expect(cost('run', 0, 1)).toBe(2 + 2 + 2);
    expect(cost('run', 0, 0)).toBe(2 + 2 + 2 + 2);
    expect(cost('run', 1, 0)).toBe(2 + 2 + 2);
  });

  test('in functions that are called, by their index, by a table or in place of the caller', async () => {
    const { cost } = await running(`(module
      (type $plain (func))
      (table 1 funcref)
      (elem (i32.const 0) func $four)
      (func $four (drop (i32.const 1)) (drop (i32.const 2)))
      (func (export "direct") (call $four) (drop (i32.const 3)))
      (func (export "indirect") (call_indirect (type $plain) (i32.const 0)) (drop (i32.const 3)))
      (func (export "tail") (return_call $four)))`);
    expect(cost('direct')).toBe(1 + 4 + 2);
    expect(cost('indirect')).toBe(2 + 4 + 2);
    expect(cost('tail')).toBe(1 + 4);
  });

  test('where an exception leads', async () => {
    const { cost } = await running(`(module
      (tag $thrown (param i32))
      (func (export "run")
        try (throw $thrown (i32.const 1)) catch $thrown drop end
        (drop (i32.const 2))))`);
    expect(cost('run')).toBe(1 + 200 + 4 + 1 + 2);
  });

  test('where an exception leads that a table of handlers names', async () => {
    const { cost } = await running(`(module
      (tag $thrown)
      (func (export "run") (param i32)
        (block $caught
          (try_table (catch $thrown $caught) (if (local.get 0) (then (throw $thrown))))
          (drop (i32.const 1)))
        (drop (i32.const 2))))`);
    expect(cost('run', 1)).toBe(2 + 200 + 2);
    expect(cost('run', 0)).toBe(2 + 2 + 2);
  });
});

test('what is about to run has been paid before it runs', async () => {
  const { exports, spentAtCalls } = await running(`(module
    (import "host" "call" (func $call))
    (memory 1)
    (func (export "run")
      (drop (i32.const 1))
      (call $call)
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 8000))
      (call $call)
      (drop (i32.const 1))))`);
  exports.run?.();
  expect(spentAtCalls).toEqual([2 + 21, 2 + 21 + 3 + 16 + 1000 + 21]);
});

describe('what takes longer costs more', () => {
  test('filling, copying and initializing memory: by its bytes', async () => {
    const { cost } = await running(`(module (memory 1) (data $text "12345678123456781234567812345678")
      (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
      (func (export "copy") (param i32) (memory.copy (i32.const 0) (i32.const 1) (local.get 0)))
      (func (export "init") (param i32) (memory.init $text (i32.const 0) (i32.const 0) (local.get 0))))`);
    expect(cost('fill', 8000) - cost('fill', 0)).toBe(1000);
    expect(cost('copy', 8000) - cost('copy', 0)).toBe(1000);
    expect(cost('init', 32) - cost('init', 0)).toBe(4);
  });

  test('filling, copying, initializing and growing a table: by its elements', async () => {
    const { cost } = await running(`(module (table $table 20 funcref) (elem $all func $f $f $f $f) (func $f)
      (func (export "fill") (param i32) (table.fill $table (i32.const 0) (ref.null func) (local.get 0)))
      (func (export "copy") (param i32) (table.copy (i32.const 0) (i32.const 1) (local.get 0)))
      (func (export "init") (param i32) (table.init $all (i32.const 0) (i32.const 0) (local.get 0)))
      (func (export "grow") (param i32) (drop (table.grow $table (ref.null func) (local.get 0)))))`);
    for (const name of ['fill', 'copy', 'init', 'grow']) expect(cost(name, 4) - cost(name, 0)).toBe(4 * 32);
    expect(cost('grow', 0)).toBeGreaterThan(1000);
  });

  test('growing a memory, which never costs more than growing it to its limit', async () => {
    const { cost } = await running(`(module (memory 1)
      (func (export "grow") (param i32) (drop (memory.grow (local.get 0)))))`);
    expect(cost('grow', 0)).toBeGreaterThan(1000);
    expect(cost('grow', 2) - cost('grow', 1)).toBe(1024);
    expect(cost('grow', 65_536)).toBe(cost('grow', -1));
  });

  test('clearing many locals and moving many values', async () => {
    const values = 'i64 '.repeat(400);
    const { cost } = await running(`(module
      (func (export "locals") (local ${values}))
      (func (export "values")
        ${'(i64.const 1)'.repeat(400)}
        (block (param ${values}) (result ${values}) (br 0))
        ${'drop '.repeat(400)}))`);
    expect(cost('locals')).toBe(100);
    expect(cost('values')).toBe(400 + 200 + 1 + 100 + 400);
  });
});

test('a loop ends once fuel is spent', async () => {
  const { exports, fuel } = await running(
    `(module (func (export "run") (param i32)
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`,
    undefined,
    1000n,
  );
  expect(() => exports.run?.(1_000_000)).toThrow(WebAssembly.RuntimeError);
  expect(fuel.value).toBeGreaterThan(-10n);
  expect(() => exports.run?.(1)).toThrow(WebAssembly.RuntimeError);
});

test('modules that are given the same fuel share it', async () => {
  const fuel = new WebAssembly.Global({ value: 'i64', mutable: true }, 10n);
  const limited = limitModule(await parse('(module (func (export "run") (drop (i32.const 1))))'));
  const bytes = limited.ok ? limited.value : new Uint8Array();
  const imports = { [FUEL.module]: { [FUEL.name]: fuel } };
  const [one, other] = [0, 1].map(() => new WebAssembly.Instance(new WebAssembly.Module(bytes), imports));
  for (let i = 0; i < 3; i++) one?.exports.run?.();
  for (let i = 0; i < 2; i++) other?.exports.run?.();
  expect(fuel.value).toBe(0n);
  expect(() => other?.exports.run?.()).toThrow(WebAssembly.RuntimeError);
  expect(() => one?.exports.run?.()).toThrow(WebAssembly.RuntimeError);
});

test('what runs after fuel is spent is at most one function long, however deep the stack is', async () => {
  const straight = '(drop (i32.const 1))'.repeat(1000);
  const deep = (caught: string): string => `(module
    (tag $thrown)
    (func $fall (param i32)
      (if (i32.eqz (local.get 0)) (then ${caught} (return)))
      try (call $fall (i32.sub (local.get 0) (i32.const 1))) catch_all ${straight} rethrow 0 end
      ${straight})
    (func (export "run") try (call $fall (i32.const 500)) catch_all end))`;
  for (const bottom of ['', '(throw $thrown)']) {
    const { exports, fuel } = await running(deep(bottom), undefined, 6000n);
    expect(() => exports.run?.()).toThrow(WebAssembly.RuntimeError);
    expect(fuel.value).toBeGreaterThan(-2500n);
  }
});

describe('a memory or a table', () => {
  const limits: Limits = { memoryPages: 3, tableElements: 5 };

  test('grows to its limit and not beyond', async () => {
    const { exports } = await running(
      `(module (memory 1) (table $table 1 externref)
        (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "table") (param i32) (result i32) (table.grow $table (ref.null extern) (local.get 0))))`,
      limits,
    );
    expect(exports.memory?.(3)).toBe(-1);
    expect(exports.memory?.(2)).toBe(1);
    expect(exports.memory?.(1)).toBe(-1);
    expect(exports.table?.(5)).toBe(-1);
    expect(exports.table?.(4)).toBe(1);
    expect(exports.table?.(1)).toBe(-1);
  });

  test('keeps a lower limit of its own', async () => {
    const { exports } = await running(
      '(module (memory 1 2) (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0))))',
      limits,
    );
    expect(exports.memory?.(2)).toBe(-1);
    expect(exports.memory?.(1)).toBe(1);
  });

  test('that is imported must have a limit as well', async () => {
    const limited = limitModule(await parse('(module (import "host" "memory" (memory 1)))'), limits);
    const link = (memory: Memory): object =>
      new WebAssembly.Instance(new WebAssembly.Module(limited.ok ? limited.value : new Uint8Array()), {
        host: { memory },
        [FUEL.module]: { [FUEL.name]: new WebAssembly.Global({ value: 'i64', mutable: true }, PLENTY) },
      });
    expect(() => link(new WebAssembly.Memory({ initial: 1 }))).toThrow(WebAssembly.LinkError);
    expect(link(new WebAssembly.Memory({ initial: 1, maximum: 3 }))).toBeDefined();
  });

  test('may begin as large as is allowed', async () => {
    expect(await ruleFor('(module (memory 3) (table 5 funcref))', limits)).toBeUndefined();
    expect(await ruleFor('(module (memory 4))', limits)).toBe('memory-too-large');
    expect(await ruleFor('(module (table 6 funcref))', limits)).toBe('table-too-large');
    expect(await ruleFor('(module (import "host" "memory" (memory 4)))', limits)).toBe('memory-too-large');
    expect(await ruleFor('(module (import "host" "table" (table 6 funcref)))', limits)).toBe(
      'table-too-large',
    );
  });

  test('that is too large is described with what was asked and what is allowed', async () => {
    const limited = limitModule(await parse('(module (memory 1024))'));
    expect(limited).toMatchObject({
      error: { message: expect.stringMatching(/64 MiB, 10 MiB are allowed/) },
    });
  });
});

test.for([
  ['invalid-module', '(module (func (global.set 0 (i64.const 1))))'],
  ['reserved-import', '(module (import "ironbark:limits" "fuel" (global (mut i64))))'],
  ['reserved-import', '(module (import "ironbark:limits" "anything" (func)))'],
  ['too-many-tables', `(module ${'(table 1 funcref)'.repeat(9)})`],
  ['exception-too-large', '(module (table 1 exnref))'],
  ['exception-too-large', `(module (tag (param ${'i32 '.repeat(5)})))`],
  ['shared-memory', '(module (memory 1 1 shared))'],
  ['memory64', '(module (memory i64 1))'],
  ['table64', '(module (table i64 1 funcref))'],
  ['multiple-memories', '(module (memory 1) (memory 1))'],
  ['multiple-memories', '(module (import "host" "memory" (memory 1)) (memory 1))'],
  ['threads', '(module (func (atomic.fence)))'],
  ['garbage-collection', '(module (type (struct)))'],
  ['garbage-collection', '(module (type (sub (func))))'],
  ['garbage-collection', '(module (func (drop (ref.i31 (i32.const 1)))))'],
  ['garbage-collection', '(module (func (local (ref null 0))) (type (func)))'],
  ['garbage-collection', '(module (global anyref (ref.null any)))'],
  ['garbage-collection', '(module (type $t (func)) (func (param (ref $t)) (call_ref $t (local.get 0))))'],
  ['relaxed-simd', '(module (func (param v128) (drop (i32x4.relaxed_trunc_f32x4_s (local.get 0)))))'],
] as const)('a module is refused for: %s %s', async ([rule, wat]) => {
  expect(await ruleFor(wat)).toBe(rule);
});

test('what is not WebAssembly at all is refused', () => {
  for (const bytes of [[], [0, 0x61, 0x73, 0x6d], [1, 2, 3]])
    expect(limitModule(Uint8Array.from(bytes))).toMatchObject({ error: { rule: 'invalid-module' } });
});

test('names and other custom sections are left out', async () => {
  const limited = limitModule(await parse('(module $named (func $f) (@custom "hint" "text"))'));
  const module = new WebAssembly.Module(limited.ok ? limited.value : new Uint8Array());
  expect(limited.ok).toBe(true);
  for (const name of ['name', 'hint']) expect(WebAssembly.Module.customSections(module, name)).toEqual([]);
});

test('every global keeps its value wherever it is named', async () => {
  const { exports } = await running(`(module
    (global $two_more i32 (i32.const 2))
    (global $also i32 (global.get $two_more))
    (global $counter (mut i32) (i32.const 40))
    (table 10 funcref)
    (elem (table 0) (offset (global.get $also)) funcref (ref.func $two))
    (memory (export "memory") 1)
    (data (offset (global.get $also)) "x")
    (func $two (result i32) (global.set $counter (i32.add (global.get $counter) (i32.const 2))) (global.get $counter))
    (func (export "run") (result i32) (call_indirect (result i32) (i32.const 2)))
    (func (export "third") (result i32) (i32.load8_u (i32.const 2)))
    (export "counter" (global $counter)))`);
  expect(exports.run?.()).toBe(42);
  expect(exports.third?.()).toBe(120);
  expect(exports.counter).toMatchObject({ value: 42 });
});
