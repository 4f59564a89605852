import fc from 'fast-check';

/**
 * Random modules, as text, in which everything that the limiter rewrites occurs: blocks of every kind, branches of
 * every kind, calls of every kind, exceptions, bulk instructions, and global indices in all places where such may
 * stand. They call `tick` here and there, so that the host can look on.
 */

/** Text that depends on how many labels it may branch to: those around it up to the first one that takes a value. */
type Code = (depth: number) => string;

const FUNCTIONS = 3;
const LOCALS = 4;
const GLOBALS = ['$first', '$second', '$third'];

const small = fc.integer({ min: 0, max: 9 });
const constant = fc.oneof(small, fc.constantFrom(-1, 255, 65_536, 2_147_483_647, -2_147_483_648));
const local = fc.integer({ min: 0, max: LOCALS - 1 });
const global = fc.constantFrom(...GLOBALS);
const callee = fc.integer({ min: 0, max: FUNCTIONS - 1 });
const binary = fc.constantFrom(
  'add',
  'sub',
  'mul',
  'div_s',
  'rem_u',
  'and',
  'xor',
  'shl',
  'lt_s',
  'eq',
  'ge_u',
);

type Tied = { expression: Code; statement: Code; body: Code };

const { body } = fc.letrec<Tied>((tie) => {
  const expression = tie('expression');
  const body = tie('body');
  const atom: fc.Arbitrary<Code> = fc.oneof(
    constant.map(
      (value): Code =>
        () =>
          `(i32.const ${value})`,
    ),
    local.map(
      (index): Code =>
        () =>
          `(local.get ${index})`,
    ),
    global.map(
      (name): Code =>
        () =>
          `(global.get ${name})`,
    ),
  );
  const address = fc.tuple(expression).map(
    ([at]): Code =>
      (depth) =>
        `(i32.and ${at(depth)} (i32.const 0xffff))`,
  );
  const size = small.map(
    (count): Code =>
      () =>
        `(i32.const ${count * 9})`,
  );
  const index = small.map(
    (value): Code =>
      () =>
        `(i32.const ${value})`,
  );
  return {
    expression: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      { arbitrary: atom, weight: 4 },
      fc.tuple(binary, expression, expression).map(
        ([name, a, b]): Code =>
          (depth) =>
            `(i32.${name} ${a(depth)} ${b(depth)})`,
      ),
      address.map(
        (at): Code =>
          (depth) =>
            `(i32.load8_u ${at(depth)})`,
      ),
      fc.tuple(callee, expression).map(
        ([index, a]): Code =>
          (depth) =>
            `(call $f${index} ${a(depth)} (i32.const 1))`,
      ),
      fc.tuple(index, expression).map(
        ([at, a]): Code =>
          (depth) =>
            `(call_indirect (type $binary) ${a(depth)} (i32.const 2) ${at(depth)})`,
      ),
      fc.tuple(expression, expression, expression).map(
        ([a, b, c]): Code =>
          (depth) =>
            `(if (result i32) ${a(depth)} (then ${b(0)}) (else ${c(0)}))`,
      ),
      fc.tuple(body, expression, expression).map(
        ([inner, a, b]): Code =>
          () =>
            `(block (result i32) ${inner(0)} (drop (br_if 0 ${a(0)} ${b(0)})) (i32.const 3))`,
      ),
      fc.tuple(expression, expression).map(
        ([a, b]): Code =>
          () =>
            `(block (result i32) ${a(0)} ${b(0)} (block (param i32 i32) (result i32) i32.sub))`,
      ),
      fc.tuple(body, expression).map(
        ([inner, a]): Code =>
          () =>
            `(block (result i32) try (result i32) ${inner(0)} ${a(0)} catch $thrown catch_all (i32.const 4) end)`,
      ),
      index.map(
        (at): Code =>
          (depth) =>
            `(table.grow $table (ref.null func) ${at(depth)})`,
      ),
      fc.constant<Code>(() => '(memory.grow (i32.const 1))'),
      fc.constant<Code>(() => '(i32.trunc_sat_f64_s (f64.const 7.5))'),
      fc.constant<Code>(() => '(i32x4.extract_lane 1 (v128.const i32x4 1 2 3 4))'),
    ),
    statement: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      {
        arbitrary: expression.map(
          (a): Code =>
            (depth) =>
              `(call $tick ${a(depth)})`,
        ),
        weight: 4,
      },
      {
        arbitrary: fc.tuple(local, expression).map(
          ([name, a]): Code =>
            (depth) =>
              `(local.set ${name} ${a(depth)})`,
        ),
        weight: 2,
      },
      {
        arbitrary: fc.tuple(global, expression).map(
          ([name, a]): Code =>
            (depth) =>
              `(global.set ${name} ${a(depth)})`,
        ),
        weight: 2,
      },
      fc.tuple(address, expression).map(
        ([at, a]): Code =>
          (depth) =>
            `(i32.store8 ${at(depth)} ${a(depth)})`,
      ),
      body.map(
        (inner): Code =>
          (depth) =>
            `(block ${inner(depth + 1)})`,
      ),
      fc.tuple(small, body).map(
        ([times, inner]): Code =>
          (depth) =>
            `(local.set 3 (i32.const ${times})) (loop ${inner(depth + 1)} ` +
            '(br_if 0 (local.tee 3 (i32.shr_u (local.get 3) (i32.const 1)))))',
      ),
      fc.tuple(expression, body, body).map(
        ([a, b, c]): Code =>
          (depth) =>
            `(if ${a(depth)} (then ${b(depth + 1)}) (else ${c(depth + 1)}))`,
      ),
      fc.tuple(expression, body).map(
        ([a, b]): Code =>
          (depth) =>
            `(if ${a(depth)} (then ${b(depth + 1)}))`,
      ),
      fc.tuple(small, expression).map(
        ([to, a]): Code =>
          (depth) =>
            depth === 0 ? '' : `(br_if ${to % depth} ${a(depth)})`,
      ),
      small.map(
        (to): Code =>
          (depth) =>
            depth === 0 ? '' : `(br ${to % depth})`,
      ),
      fc.tuple(fc.array(small, { minLength: 1, maxLength: 4 }), expression).map(
        ([to, a]): Code =>
          (depth) =>
            depth === 0 ? '' : `(br_table ${to.map((label) => label % depth).join(' ')} ${a(depth)})`,
      ),
      expression.map(
        (a): Code =>
          (depth) =>
            `(return ${a(depth)})`,
      ),
      expression.map(
        (a): Code =>
          (depth) =>
            `(throw $thrown ${a(depth)})`,
      ),
      body.map(
        (inner): Code =>
          (depth) =>
            `try ${inner(depth + 1)} catch $thrown call $tick catch_all ${inner(depth + 1)} rethrow 0 end`,
      ),
      body.map(
        (inner): Code =>
          (depth) =>
            `try try ${inner(depth + 2)} delegate 0 catch_all end`,
      ),
      fc.tuple(callee, expression).map(
        ([index, a]): Code =>
          (depth) =>
            `(return_call $f${index} ${a(depth)} (i32.const 5))`,
      ),
      fc.tuple(address, size).map(
        ([at, count]): Code =>
          (depth) =>
            `(memory.fill ${at(depth)} (i32.const 1) ${count(depth)})`,
      ),
      fc.tuple(address, address, size).map(
        ([to, from, count]): Code =>
          (depth) =>
            `(memory.copy ${to(depth)} ${from(depth)} ${count(depth)})`,
      ),
      fc.tuple(address, size).map(
        ([at, count]): Code =>
          (depth) =>
            `(memory.init $text ${at(depth)} (i32.const 0) ${count(depth)})`,
      ),
      fc.tuple(index, index).map(
        ([at, count]): Code =>
          (depth) =>
            `(table.fill $table ${at(depth)} (ref.func $f0) ${count(depth)})`,
      ),
      fc.tuple(index, index).map(
        ([to, count]): Code =>
          (depth) =>
            `(table.copy ${to(depth)} (i32.const 0) ${count(depth)})`,
      ),
      fc.tuple(index, index).map(
        ([to, count]): Code =>
          (depth) =>
            `(table.init $all ${to(depth)} (i32.const 0) ${count(depth)})`,
      ),
      index.map(
        (at): Code =>
          (depth) =>
            `(table.set $table ${at(depth)} (ref.null func))`,
      ),
    ),
    body: fc.array(tie('statement'), { maxLength: 5 }).map(
      (statements): Code =>
        (depth) =>
          statements.map((statement) => statement(depth)).join('\n'),
    ),
  };
});

const functionBodies = fc.array(body, { minLength: FUNCTIONS, maxLength: FUNCTIONS });

/** The module's text. Its functions are exported as `f0` and so on: two i32 in, one out. */
export const generatedModule: fc.Arbitrary<string> = fc
  .tuple(functionBodies, fc.boolean(), fc.boolean())
  .map(([bodies, importsMemory, hasStart]) => {
    const memory = importsMemory ? '(import "host" "memory" (memory 1 3))' : '';
    return `(module
      (type $binary (func (param i32 i32) (result i32)))
      (import "host" "tick" (func $tick (param i32)))
      (import "host" "base" (global $base i32))
      (import "host" "first" (global $first (mut i32)))
      ${memory}
      ${importsMemory ? '' : '(memory (export "memory") 1 3)'}
      (tag $thrown (param i32))
      (table $table (export "table") 6 12 funcref)
      (global $second (export "second") (mut i32) (i32.const 7))
      (global $third (export "third") (mut i32) (i32.add (global.get $base) (i32.const 1)))
      (global $fourth (export "fourth") i64 (i64.const -5))
      (global $fifth i32 (i32.sub (global.get $base) (i32.const 14)))
      (elem (offset (i32.sub (global.get $base) (i32.const 15))) func $f0 $f1 $f2)
      (elem (offset (i32.add (global.get $fifth) (i32.const 1))) func $f1)
      (elem $all func $f2 $f1 $f0 $f2 $f1)
      (data (offset (global.get $base)) "from the start")
      (data (offset (global.get $fifth)) "also from the start")
      (data $text "some more text that may be copied, a hundred bytes or so, of which nobody knows what they are for")
      ${hasStart ? '(start $start)' : ''}
      (func $start (global.set $second (i32.const 8)) (call $tick (i32.const 99)))
      ${bodies.map((code, index) => functionText(index, code)).join('\n')})`;
  });

const functionText = (index: number, code: Code): string =>
  `(func $f${index} (export "f${index}") (type $binary) (local i32 i32)
    ${code(0)}
    (i32.add (local.get 0) (global.get $second)))`;
