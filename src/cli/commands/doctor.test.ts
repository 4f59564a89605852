import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runGateway, TOKEN } from '../../gateway/testing/running-gateway.ts';
import { CommandLine } from '../testing/command-line.ts';

let home: string;
let line: CommandLine;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ironbark-doctor-'));
  line = new CommandLine(home);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

test('all is well on a home folder on which nothing runs', async () => {
  expect(await line.run('doctor')).toBe(0);
  expect(line.out).toContain(`✓ home folder: ${home}, for its owner alone.`);
  expect(line.out).toContain('✓ configuration: Every setting is understood.');
  expect(line.out).toContain('✓ assistant: None runs.');
});

test('a folder that is not there yet is no trouble', async () => {
  expect(await line.run('doctor', '--home', join(home, 'new'))).toBe(0);
  expect(line.out).toContain('will be made by the first start');
});

test('what others can read fails, until it is put right', async () => {
  const token = join(home, 'gateway-token');
  writeFileSync(token, 'x');
  chmodSync(token, 0o644);
  chmodSync(home, 0o755);
  expect(await line.run('doctor')).toBe(10);
  expect(line.out).toContain(`✗ gateway-token: Others on this machine can look into ${token}.`);
  expect(await line.run('doctor', '--fix')).toBe(0);
  expect(line.out).toContain(`${home} is now for its owner alone. (put right)`);
  expect([home, token].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
});

test('a wrong setting is named', async () => {
  writeFileSync(join(home, 'config.toml'), '[gateway]\nport = "many"\n');
  expect(await line.run('doctor', '--json')).toBe(10);
  const { findings } = JSON.parse(line.out);
  expect(findings).toContainEqual(expect.objectContaining({ about: 'configuration', verdict: 'failure' }));
});

test('the running assistant is asked how it is', async () => {
  await using gateway = await runGateway();
  line.running = { url: gateway.url, pid: 1, version: '9.9.8' };
  line.token = TOKEN;
  line.client.auditFault = { id: 3, message: 'its hash does not fit' };
  expect(await line.run('doctor')).toBe(10);
  expect(line.out).toContain(`! assistant: Ironbark 9.9.8 runs at ${gateway.url}`);
  expect(line.out).toContain('This is 9.9.9');
  expect(line.out).toContain('✗ audit log: Line 3: its hash does not fit');
  expect(line.out).toContain('✓ actors: none of 1 was ever restarted.');
  expect(line.out).toContain('✓ approvals: None waits.');
  expect(line.out).toContain('✓ routines: None was due in the last 24 hours.');
});
