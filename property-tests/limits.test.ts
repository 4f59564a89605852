import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Limits, limitModule } from '../sandbox/limits/index.ts';
import { generatedModule } from './limits/generated-module.ts';
import { type Mutation, mutation } from './limits/mutation.ts';
import { type Trial, tryOut } from './limits/trial.ts';
import { wasm } from './limits/web-assembly.ts';
import { runsOf } from './runtime/runs.ts';

/**
 * Random modules are limited, and what comes out is compared with what went in: it must do the same, as far as its
 * fuel goes, and must not get at its fuel. The modules are random programs, and random changes of such programs.
 *
 * A module as it was is only run where the limited one came to an end, so that none runs for ever.
 *
 *     IRONBARK_PROPERTY_RUNS=200000 npx vitest run property-tests/limits.test.ts
 *     IRONBARK_PROPERTY_SEED=… IRONBARK_PROPERTY_PATH=… npx vitest run property-tests/limits.test.ts
 */

const MUTANTS = runsOf<[number, number, Mutation[]]>(10_000);
const PROGRAMS = runsOf<[string]>(1_000);
const RESETS = runsOf<[number, number, number]>(200);
/** Far more than a run takes; a machine may be busy. */
const MS_PER_RUN = 50;
const timeLimit = (runs: number): number => 30_000 + runs * MS_PER_RUN;

/** So much that size changes nothing: what is compared is what the code does. */
const AMPLE: Limits = { memoryPages: 65_536, tableElements: 10_000_000 };
const TIGHT: Limits = { memoryPages: 2, tableElements: 8 };
const FUEL = 20_000n;
const PAGE = 65_536;

const ORIGINALS = 300;
let originals: readonly Uint8Array[] = [];

beforeAll(async () => {
  const texts = fc.sample(generatedModule, { numRuns: ORIGINALS, seed: 1 });
  originals = await Promise.all(texts.map((text) => parse(text)));
});

test(
  'a limited program does what it did before, and its fuel only falls',
  async () => {
    await fc.assert(
      fc.asyncProperty(generatedModule, async (text) => {
        const bytes = await parse(text);
        expect(compare(bytes)).not.toBe('refused');
        eachTickIsPaid(bytes);
      }),
      PROGRAMS,
    );
  },
  timeLimit(PROGRAMS.numRuns),
);

test(
  'a module that was tampered with is refused or does what it did before',
  () => {
    const tally = new Map<Verdict, number>();
    const which = fc.nat(ORIGINALS - 1);
    const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(which, which, mutations, (index, otherIndex, mutations) => {
        const other = originals[otherIndex] ?? new Uint8Array();
        const original = originals[index] ?? new Uint8Array();
        const mutant = mutations.reduce(
          (bytes, mutate) => (bytes.length ? mutate(bytes, other) : bytes),
          original,
        );
        const verdict = compare(mutant);
        tally.set(verdict, (tally.get(verdict) ?? 0) + 1);
      }),
      MUTANTS,
    );
    if (process.env.IRONBARK_PROPERTY_TALLY) console.log(Object.fromEntries(tally));
    // Otherwise this would be a test of the engine's validation.
    if (!MUTANTS.path) expect(tally.get('alike') ?? 0).toBeGreaterThan(MUTANTS.numRuns / 10);
  },
  timeLimit(MUTANTS.numRuns),
);

test(
  'no index of a global leads to fuel',
  async () => {
    const few = fc.integer({ min: 0, max: 3 });
    await fc.assert(
      fc.asyncProperty(few, few, fc.nat(9), async (imported, defined, index) => {
        const bytes = await parse(`(module
          ${'(import "host" "first" (global (mut i32)))'.repeat(imported)}
          ${'(global (mut i64) (i64.const 5))'.repeat(defined)}
          (func (export "set") (global.set ${index} (${index < imported ? 'i32' : 'i64'}.const 1000000)))
          (func (export "get") (drop (global.get ${index}))))`);
        const verdict = compare(bytes);
        expect(verdict === 'refused').toBe(index >= imported + defined);
      }),
      RESETS,
    );
  },
  timeLimit(RESETS.numRuns),
);

type Verdict = 'refused' | 'out-of-fuel' | 'out-of-stack' | 'alike';

function compare(bytes: Uint8Array): Verdict {
  const limited = limitModule(bytes, AMPLE);
  if (!limited.ok) {
    expect(limited.error.rule === 'invalid-module').toBe(!wasm.validate(bytes));
    expect(limited.error.rule).not.toBe('unfit-when-metered');
    return 'refused';
  }
  staysSmall(bytes);
  const trial = tryOut(limited.value, FUEL);
  onlyFalls(trial);
  if (trial.ending === 'out-of-stack') return 'out-of-stack';
  expect(tryOut(limited.value, FUEL)).toEqual(trial);
  if (trial.ending === 'out-of-fuel') return 'out-of-fuel';
  expect(trial.seen).toEqual(tryOut(bytes).seen);
  return 'alike';
}

function staysSmall(bytes: Uint8Array): void {
  const limited = limitModule(bytes, TIGHT);
  if (!limited.ok) return;
  const trial = tryOut(limited.value, FUEL);
  onlyFalls(trial);
  expect(trial.memoryBytes).toBeLessThanOrEqual(TIGHT.memoryPages * PAGE);
}

function eachTickIsPaid(bytes: Uint8Array): void {
  const limited = limitModule(bytes, AMPLE);
  const { fuelAtTicks } = tryOut(limited.ok ? limited.value : bytes, FUEL);
  fuelAtTicks.reduce((before, now) => {
    expect(now).toBeLessThan(before);
    return now;
  }, FUEL);
}

function onlyFalls({ fuel, exportsFuel }: Trial): void {
  expect(exportsFuel).toBe(false);
  fuel.reduce((before, now) => {
    expect(now).toBeLessThanOrEqual(before);
    return now;
  }, FUEL);
}
