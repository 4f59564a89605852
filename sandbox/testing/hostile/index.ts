import { readFileSync } from 'node:fs';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { Limits } from '../../limits/index.ts';

/** A core module that never ends, or takes all it can get, when its export `run` is called. */
export interface Hostile {
  readonly name: string;
  readonly wat: string;
  /**
   * - `fuel`: it traps once its fuel is spent
   * - `limits`: it is refused and never runs
   * - `stack`: it runs out of stack before it runs out of fuel
   */
  readonly stoppedBy: 'fuel' | 'limits' | 'stack';
  /** Instead of the usual ones: what must hold even where more is allowed. */
  readonly limits?: Limits;
}

/** It may import a function `call` from `host`. */
export const compileHostile = async ({ wat }: Hostile): Promise<Uint8Array> => parse(wat);

const LARGE: Limits = { memoryPages: 2048, tableElements: 10_000 };

export const HOSTILE: readonly Hostile[] = [
  ...from('fuel', [
    'empty-loop',
    'counting-loop',
    'host-call-loop',
    'branching-recursion',
    'tail-call',
    'tail-call-indirect',
    'fill-4m',
    'fill-64k',
    'copy-4m',
    'copy-64k',
    'init-loop',
    'memory-grow-bomb',
    'memory-grow-nothing',
    'memory-grow-and-touch',
    'table-grow-bomb',
    'table-grow-leap',
    'table-fill-loop',
    'table-copy-loop',
    'table-init-loop',
    'table-set-loop',
    'start-loop',
    'vector-loop',
    'square-root-loop',
    'throw-loop',
    'throw-loop-legacy',
    'throw-ref-loop',
    'rethrow-loop',
    'unwind-loop',
    'catch-the-trap',
  ]),
  ...from('fuel', ['fill-64m', 'copy-64m']).map((hostile) => ({ ...hostile, limits: LARGE })),
  { name: 'many-locals', stoppedBy: 'fuel', wat: manyLocals() },
  { name: 'many-results', stoppedBy: 'fuel', wat: manyResults() },
  { name: 'branch-table', stoppedBy: 'fuel', wat: branchTable() },
  ...from('stack', ['recursion', 'mutual-recursion', 'exception-hoard']),
  ...from('limits', [
    'memory-too-large',
    'imported-memory-too-large',
    'table-too-large',
    'many-tables',
    'exception-table',
    'shared-memory',
    'wait-for-ever',
    'memory-of-64-bits',
    'second-memory',
    'garbage-collected',
    'sets-fuel',
    'imports-fuel',
  ]),
];

function from(stoppedBy: Hostile['stoppedBy'], names: readonly string[]): Hostile[] {
  return names.map((name) => ({
    name,
    stoppedBy,
    wat: readFileSync(new URL(`${name}.wat`, import.meta.url), 'utf8'),
  }));
}

/** Little code, but a frame of 160 KB that is cleared on each call. */
function manyLocals(): string {
  return `(module
    (func $clear (param i32) (local ${'i64 '.repeat(20_000)})
      (loop $never (br_if $never (local.get 0))))
    (func (export "run") (loop $again (call $clear (i32.const 0)) (br $again))))`;
}

/** One branch that moves a thousand values. */
function manyResults(): string {
  const thousand = 'i64 '.repeat(1000);
  const fewer = 'i64 '.repeat(999);
  return `(module
    (func (export "run") (param $goes_on i32)
      ${'(i64.const 1) '.repeat(999)}
      (loop $again (param ${fewer}) (result ${fewer})
        (block $shift (param ${fewer}) (result ${thousand})
          (br_if $shift (i64.const 7) (i32.eqz (local.get $goes_on))))
        drop
        (br $again))
      ${'drop '.repeat(999)}))`;
}

/** As many targets as the engine takes. */
function branchTable(): string {
  const targets = Array.from({ length: 65_000 }, (_, index) => index % 100).join(' ');
  return `(module
    (func (export "run") (local $to i32)
      (loop $again
        ${'block '.repeat(99)}
          (local.set $to (i32.rem_u (i32.add (local.get $to) (i32.const 1)) (i32.const 70000)))
          (br_table ${targets} (local.get $to))
        ${'end '.repeat(99)}
        (br $again))))`;
}
