import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type DockerDaemon,
  startDockerDaemon,
  WITHOUT_DOCKER,
} from '../../containers/testing/docker-daemon.ts';
import { CommandLine } from '../testing/command-line.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const home = mkdtempSync(join(tmpdir(), 'ib-sandbox-cli-'));
afterAll(() => rmSync(home, { recursive: true }));

const lineWith = (socketPath: string, more = ''): CommandLine => {
  writeFileSync(join(home, 'config.toml'), `[sandbox]\ndocker_socket = "${socketPath}"\n${more}`);
  return new CommandLine(home);
};

describe('without a daemon', () => {
  test('its state is told, with the command that helps', async () => {
    const line = lineWith(join(home, 'no.sock'));
    expect(await line.run('sandbox', 'status')).toBe(10);
    expect(line.out).toMatch(/on this machine \(sandbox\.enabled is false\)\.\n.*Docker .*\nRun: /);
  });

  test('no image can be made', async () => {
    const line = lineWith(join(home, 'no.sock'));
    expect(await line.run('sandbox', 'build')).toBe(7);
    expect(line.err).toMatch(/Docker .* Run: /);
  });
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('with a daemon', () => {
  let daemon: DockerDaemon;
  beforeAll(async () => {
    daemon = await startDockerDaemon({ withImage: false });
  });
  afterAll(async () => daemon?.[Symbol.asyncDispose]());

  test('the image is missing, is made, and is not made again', async () => {
    const before = lineWith(daemon.socketPath, 'enabled = true\n');
    expect(await before.run('sandbox', 'status')).toBe(10);
    expect(before.out).toContain('Commands of the shell tool run in containers.');
    expect(before.out).toContain('Run: ironbark sandbox build');

    const build = new CommandLine(home);
    expect(await build.run('sandbox', 'build')).toBe(0);
    expect(build.out).toMatch(/^Made ironbark-sandbox:[0-9a-f]{12} \(\d+ files, \d+ MB\)\.\n$/);
    const again = new CommandLine(home);
    expect(await again.run('sandbox', 'build', '--json')).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ ok: true, image: { isNew: false } });

    const after = new CommandLine(home);
    expect(await after.run('sandbox', 'status')).toBe(0);
    expect(after.out).toContain('Image: ironbark-sandbox:v1\nNo containers.');
  });

  test('an image of a registry is asked for by its name', async () => {
    const line = lineWith(daemon.socketPath, 'image = "node:26"\n');
    expect(await line.run('sandbox', 'status')).toBe(10);
    expect(line.out).toContain('Run: docker pull node:26');
  });
});
