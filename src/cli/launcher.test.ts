import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../core/package-root.ts';

const LAUNCHER = join(PACKAGE_ROOT, 'bin', 'ironbark.js');
const PINNED = join(PACKAGE_ROOT, 'node_modules', 'node', 'bin', 'node');
const older = findOlderNode();

function run(node: string, launcher: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [launcher, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A Node before the pinned one, such as the system's own; undefined where there is none. */
function findOlderNode(): string | undefined {
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return found.find((node) => {
    if (!existsSync(node)) return false;
    const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    return Number.parseInt(stdout, 10) >= 20 && Number.parseInt(stdout, 10) < 26;
  });
}

test('the launcher runs the program in a Node that is new enough', () => {
  const { status, stdout } = run(PINNED, LAUNCHER, 'version');
  expect(stdout).toMatch(/^ironbark \d+\.\d+\.\d+ \(node 2[6-9]\./);
  expect(status).toBe(0);
});

test("the exit code is the program's", () => {
  expect(run(PINNED, LAUNCHER, 'no-such-command').status).toBe(2);
});

describe.skipIf(older === undefined)('under an older Node', () => {
  test('the launcher finds the pinned one and passes on what it ends with', () => {
    expect(run(older ?? '', LAUNCHER, 'version').stdout).toMatch(/\(node 2[6-9]\./);
    expect(run(older ?? '', LAUNCHER, 'no-such-command').status).toBe(2);
  });

  test('one line says what is missing where the pinned one was not installed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ironbark-launcher-'));
    try {
      mkdirSync(join(folder, 'bin'));
      // What npm leaves behind when it may not run the package's install script.
      mkdirSync(join(folder, 'node_modules', 'node'), { recursive: true });
      writeFileSync(join(folder, 'node_modules', 'node', 'package.json'), '{}');
      cpSync(LAUNCHER, join(folder, 'bin', 'ironbark.mjs'));
      const { status, stderr } = run(older ?? '', join(folder, 'bin', 'ironbark.mjs'));
      expect(stderr).toMatch(/^ironbark: needs Node 26 or newer, this is 2\d\.[^\n]*npm rebuild node\n$/);
      expect(status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
