import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareMachine } from './prepare-machine.ts';

/**
 * Everything that a change must pass, in the order in which it is cheapest to fail: types, lint, floors, dead
 * code, then all tests. Ends with one line that counts.
 */

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const CHECKS: readonly Check[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the page', command: ['tsc', '--noEmit', '-p', 'web'] },
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'floors', command: ['node', '.ci/check-floors.ts'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'statecharts', command: ['node', 'bin/ironbark.js', 'diagrams', '--check'] },
];

function run([program, ...args]: Check['command']): SpawnSyncReturns<Buffer> {
  return spawnSync(program, args, { stdio: 'inherit' });
}

function runChecks(): { passed: number; failed: number } {
  let failed = 0;
  for (const { name, command } of CHECKS) {
    console.log(`\n== ${name}`);
    if (run(command).status === 0) continue;
    failed++;
    console.error(`${name} failed`);
  }
  return { passed: CHECKS.length - failed, failed };
}

function runTests(): { passed: number; failed: number; skipped: number } {
  console.log('\n== tests');
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-test-'));
  const report = join(folder, 'report.json');
  const { status } = run([
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    const failed = counts.numFailedTests + counts.numFailedTestSuites;
    // A run can fail without a failed test, for example by an unhandled error.
    return {
      passed: counts.numPassedTests,
      failed: status === 0 ? failed : Math.max(1, failed),
      skipped: counts.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const line of prepareMachine()) console.log(line);
// Tests open many databases; from the template each takes half the time.
run(['node', '.ci/build-template.ts']);
run(['npm', 'run', '--silent', 'build:web']);
const checks = runChecks();
const tests = runTests();
const passed = checks.passed + tests.passed;
const failed = checks.failed + tests.failed;
console.log(`\n${passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
