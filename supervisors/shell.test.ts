import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { SimulatedClock } from 'xstate';
import { createShellContainers } from '../actors/shell/shell-containers.ts';
import type { ShellSettings } from '../actors/shell/shell-settings.ts';
import { type Bench, openBench, until } from '../actors/testing/bench.ts';
import { type Containers, createContainers, SANDBOX_IMAGE } from '../src/containers/index.ts';
import {
  type DockerDaemon,
  startDockerDaemon,
  WITHOUT_DOCKER,
} from '../src/containers/testing/docker-daemon.ts';
import type { TreeNode } from '../src/core/tree.ts';
import { startSystem } from '../src/runtime/index.ts';
import { shellTool } from '../src/tools/builtin/shell.ts';
import { createFileScope } from '../src/tools/index.ts';
import { callTool } from '../src/tools/testing.ts';
import { shell } from './shell.ts';

/** The shell tool over real containers, governed by the real branch of the tree. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
if (WITHOUT_DOCKER !== undefined) console.warn(WITHOUT_DOCKER);

const top = mkdtempSync(join(tmpdir(), 'ib-shell-'));
let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ script: () => '' });
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  rmSync(top, { recursive: true, force: true });
});

interface StageOptions {
  readonly home?: string;
  readonly settings?: Partial<ShellSettings>;
}

/** A files folder, the tool, and the branch of the tree. */
async function openStage(
  socketPath: string,
  { home = mkdtempSync(join(top, 'h-')), settings }: StageOptions = {},
) {
  const root = join(home, 'files');
  mkdirSync(root, { recursive: true });
  const containers: Containers = createContainers({ home, socketPath });
  const clock = new SimulatedClock();
  const place = createShellContainers({
    containers,
    egress: () => bench.env.egress,
    log: pino({ level: 'silent' }),
    settings: {
      image: SANDBOX_IMAGE,
      root,
      forbidden: [home],
      readOnly: false,
      limits: { memoryMb: 256, cpus: 2, processes: 64, temporaryMb: 64, workspaceMb: 200 },
      idleMs: 600_000,
      ...settings,
    },
  });
  const system = await startSystem(shell(place), { clock });
  onTestFinished(async () => {
    await system.stop();
    await place.rest();
  });
  const tool = shellTool(createFileScope({ root, forbidden: [home] }), place);
  const states = (): readonly string[] => {
    const pool = nodesOf(system.tree()).find(({ path }) => path === 'root/containers');
    return pool?.children.map(({ state }) => state) ?? [];
  };
  return {
    home,
    root,
    containers,
    place,
    system,
    clock,
    states,
    run: (command: string, conversationId = 'talk', more = {}) =>
      callTool([tool], 'shell', { command, ...more }, { conversationId }),
  };
}

const nodesOf = (node: TreeNode): readonly TreeNode[] => [node, ...node.children.flatMap(nodesOf)];

describe('where there is no daemon', () => {
  test('no command runs, on this machine least of all, and the answer says what helps', async () => {
    const { run, root, states } = await openStage(join(top, 'no.sock'));
    const { ok, content } = await run('touch here; echo ran');
    expect(ok).toBe(false);
    expect(content).toMatch(
      /^\[could not be started: Docker .*Run: .* \(commands run in containers here: sandbox\.enabled\)/,
    );
    expect(readdirSync(root)).toEqual([]);
    await until(() => states().length === 0);
    // The next one looks anew.
    expect((await run('true')).content).toContain('could not be started');
  });
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('commands of the shell tool', () => {
  let daemon: DockerDaemon;
  beforeAll(async () => {
    daemon = await startDockerDaemon();
  });
  afterAll(async () => daemon?.[Symbol.asyncDispose]());

  test('run in a container that is kept for the conversation, and see the files folder', async () => {
    const { run, root, containers, states } = await openStage(daemon.socketPath);
    writeFileSync(join(root, 'note'), 'from outside\n', { mode: 0o600 });
    expect(await run('cat note; whoami; pwd; echo err >&2; echo x > made')).toMatchObject({
      ok: true,
      content: expect.stringMatching(/^from outside\nironbark\n\/workspace\nerr\n\[exit code 0 after /),
      origins: [expect.stringMatching(/^the output of cat note/)],
    });
    expect(readdirSync(root).sort()).toEqual(['made', 'note']);
    await run('echo kept > /tmp/state');
    expect((await run('cat /tmp/state')).content).toMatch(/^kept\n/);
    expect(await containers.mine()).toHaveLength(1);
    expect((await run('cat /tmp/state', 'another')).ok).toBe(false);
    expect(await containers.mine()).toHaveLength(2);
    await until(() => states().join() === 'up.resting,up.resting');
  });

  test('are judged as on this machine, and end as there', async () => {
    const { run, root } = await openStage(daemon.socketPath);
    mkdirSync(join(root, 'deep'));
    expect((await run('rm -rf / --no-preserve-root')).content).toContain('never allowed');
    expect((await run('cat ~/.ssh/id_rsa')).content).toContain('off limits');
    expect((await run('exit 3')).content).toMatch(/^\[exit code 3 after/);
    expect((await run('pwd', 'talk', { workdir: 'deep' })).content).toMatch(/^\/workspace\/deep\n/);
    expect((await run('pwd', 'talk', { workdir: tmpdir() })).content).toContain('sees the files folder only');
    expect((await run('sleep 100', 'talk', { timeout: 1 })).content).toMatch(/^\[timed out/);
    expect((await run('exec python3 -c "x = bytearray(1 << 30)"')).content).toContain(
      'more than 256 MB of memory',
    );
  });

  test('see neither our home, though the files lie in it, nor what holds secrets', async () => {
    const { run, root, home } = await openStage(daemon.socketPath, { settings: {} });
    writeFileSync(join(home, 'database'), 'ours');
    writeFileSync(join(root, '.env'), 'TOKEN=x');
    expect((await run('ls -A; ls .. | tr "\\n" " "; grep -r TOKEN . ; true')).content).not.toMatch(
      /database|TOKEN/,
    );
  });

  test('see nothing of our home where that lies in the files folder', async () => {
    const root = mkdtempSync(join(top, 'all-'));
    const home = join(root, 'own');
    mkdirSync(home);
    writeFileSync(join(home, 'database'), 'ours');
    const { run } = await openStage(daemon.socketPath, { home, settings: { root } });
    const { content } = await run('ls own; find . -name database', 'talk');
    expect(content).not.toContain('database');
  });

  test('may only read where that is set so', async () => {
    const { run, root } = await openStage(daemon.socketPath, { settings: { readOnly: true } });
    writeFileSync(join(root, 'note'), 'note\n', { mode: 0o644 });
    expect((await run('cat note; echo x > new')).content).toMatch(/Read-only|denied/);
    expect(readdirSync(root)).toEqual(['note']);
  });

  test('go on in another container where theirs was lost', async () => {
    const { run, containers, states } = await openStage(daemon.socketPath);
    await run('true');
    const lost = run('echo up > up; sleep 100');
    await until(() => states().join() === 'up.working');
    const [found] = await containers.mine();
    await (await containers.adopt(found?.id ?? ''))?.stop(0);
    const outcome = await lost;
    expect(outcome.ok).toBe(false);
    expect((await run('cat up; echo again')).content).toMatch(/again\n\[exit code 0/);
  });

  test('have their container ended when they fill the disk, and are told', async () => {
    const { run, root } = await openStage(daemon.socketPath);
    const { content } = await run('for i in $(seq 1000); do head -c 20M /dev/zero > fill-$i; done');
    expect(content).toMatch(
      /^\[lost: The container was ended: it wrote more into its workspace than it may;/,
    );
    for (const name of readdirSync(root)) rmSync(join(root, name));
    expect((await run('echo again')).content).toMatch(/^again\n/);
  });

  test('have their container taken away some minutes after the last of them, and not before', async () => {
    const { run, containers, clock, states } = await openStage(daemon.socketPath);
    await run('true');
    await until(() => states().join() === 'up.resting');
    clock.increment(599_000);
    expect(await containers.mine()).toHaveLength(1);
    const working = run('sleep 2');
    await until(() => states().join() === 'up.working');
    clock.increment(600_000);
    expect((await working).ok).toBe(true);
    await until(() => states().join() === 'up.resting');
    clock.increment(600_000);
    await until(() => states().length === 0);
    expect(await containers.mine()).toEqual([]);
    expect((await run('echo again')).content).toMatch(/^again\n/);
  });

  test('survive the crash of whoever governs their container', async () => {
    const { run, containers, system, states } = await openStage(daemon.socketPath);
    await run('echo kept > /tmp/state');
    for (const path of ['root/containers', 'root/keeper', 'root/containers/talk.1']) {
      await until(() => states().join() === 'up.resting');
      system.crash(path);
      await until(() => states().join() === 'up.resting');
      expect((await run('cat /tmp/state')).content).toMatch(/^kept\n/);
    }
    expect(await containers.mine()).toHaveLength(1);
  });

  test('leave nothing when the program ends, and nothing of an earlier life stays', async () => {
    const first = await openStage(daemon.socketPath);
    await first.run('true');
    await first.system.stop();
    expect(await first.containers.mine()).toHaveLength(1);
    // As if it had been killed: its container is there, and nobody knows it.
    const second = await openStage(daemon.socketPath, { home: first.home });
    while ((await second.containers.mine()).length > 0) await new Promise(setImmediate);
    await second.run('true');
    await second.system.stop();
    await second.place.rest();
    expect(await second.containers.mine()).toEqual([]);
  });

  test('are interrupted while their container is being made', async () => {
    const { place, root, states } = await openStage(daemon.socketPath);
    const controller = new AbortController();
    const outcome = place.run({
      command: 'touch ran',
      workdir: root,
      timeoutMs: 5_000,
      signal: controller.signal,
      conversationId: 'talk',
    });
    controller.abort();
    expect(await outcome).toMatchObject({ ended: { kind: 'aborted' } });
    await until(() => states().join() === 'up.resting');
    expect(readdirSync(root)).toEqual([]);
  });
});
