import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createContainers } from './index.ts';
import { type ContainerBench, NEVER, openContainerBench } from './testing/container-bench.ts';
import { WITHOUT_DOCKER } from './testing/docker-daemon.ts';

if (WITHOUT_DOCKER !== undefined) console.warn(WITHOUT_DOCKER);

let bench: ContainerBench;
beforeAll(async () => {
  if (WITHOUT_DOCKER === undefined) bench = await openContainerBench();
});
// A machine with other work takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
afterAll(async () => bench?.[Symbol.asyncDispose]());

const isEmpty = (value: unknown): boolean =>
  !value || (typeof value === 'object' && Object.values(value).every((part) => !part));

describe.skipIf(WITHOUT_DOCKER !== undefined)('a container', () => {
  test('stands as the daemon was told: everything that could loosen it is closed', async () => {
    const { container, workspace } = await bench.open({ environment: { GREETING: 'hello' } });
    const { Config, HostConfig, Mounts } = await new Docker({ socketPath: bench.daemon.socketPath })
      .getContainer(container.id)
      .inspect();
    const told = {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      IpcMode: 'private',
      CgroupnsMode: 'private',
      Memory: 256 << 20,
      MemorySwap: 256 << 20,
      NanoCpus: 2e9,
      PidsLimit: 64,
      ShmSize: 16 << 20,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: 4096, Hard: 4096 },
      ],
      Tmpfs: { '/tmp': 'rw,exec,nosuid,nodev,mode=1777,size=64m' },
      Mounts: [
        {
          Type: 'bind',
          Source: workspace,
          Target: '/workspace',
          BindOptions: { Propagation: 'rprivate', NonRecursive: true },
        },
      ],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
    };
    expect(HostConfig).toMatchObject(told);
    // Of everything else there is nothing, but for how often it is restarted, what runs it and what is masked.
    const rest = Object.entries(HostConfig).filter(([name, value]) => !(name in told) && !isEmpty(value));
    expect(Object.fromEntries(rest)).toEqual({
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      Runtime: 'runc',
      MaskedPaths: expect.arrayContaining(['/proc/kcore', '/proc/keys', '/sys/firmware']),
      ReadonlyPaths: expect.arrayContaining(['/proc/sys', '/proc/sysrq-trigger']),
    });
    expect(Mounts).toMatchObject([{ Type: 'bind', Source: workspace, Destination: '/workspace', RW: true }]);
    expect(Config.User).toBe('10001:10001');
    expect(Config.Labels).toMatchObject({ 'ironbark.purpose': 'shell', 'ironbark.id': container.purpose.id });
    expect(Config.Env).toContain('GREETING=hello');
  });

  test('shares its workspace: what one side writes the other may read, change and remove', async () => {
    const hostPath = bench.folder();
    writeFileSync(join(hostPath, 'from-us'), 'ours', { mode: 0o600 });
    const { sh } = await bench.open({ workspace: { hostPath, readOnly: false } });
    expect((await sh('cat from-us; echo theirs > from-us; echo new > from-it')).stdout).toBe('ours');
    writeFileSync(join(hostPath, 'later'), 'later', { mode: 0o600 });
    expect(await sh('cat later; rm later')).toMatchObject({ stdout: 'later', exitCode: 0 });
    expect(readFileSync(join(hostPath, 'from-us'), 'utf8')).toBe('theirs\n');
    expect(statSync(join(hostPath, 'from-it')).uid).toBe(10_001);
  });

  test('has tools to work with, and a Node of its own', async () => {
    const { sh } = await bench.open();
    const { stdout, exitCode } = await sh(
      `git init -q repo && cd repo && echo a > a && git add a && git -c user.name=x -c user.email=x@x commit -qm one &&
       git log --oneline | wc -l && python3 -c 'import ssl, sqlite3, json; print("python")' && echo '{"a":1}' | jq .a &&
       node -e 'console.log(process.version)' && whoami`,
    );
    expect(stdout.split('\n')).toEqual(['1', 'python', '1', process.version, 'ironbark', '']);
    expect(exitCode).toBe(0);
  });

  test('forwards what asks for a proxy to the socket that it was given', async () => {
    const socketFolder = bench.folder();
    const asked: string[] = [];
    const proxy = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (request) => {
        asked.push(String(request).split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nproxy');
      });
    });
    proxy.listen(join(socketFolder, 'egress.sock'));
    await once(proxy, 'listening');
    chmodSync(socketFolder, 0o755);
    chmodSync(join(socketFolder, 'egress.sock'), 0o666);
    const { sh } = await bench.open({ socketFolder });
    const outcome = await sh(
      `curl -sS --retry 20 --retry-delay 1 --retry-connrefused --max-time 10 http://example.org/page;
       node -e 'fetch("http://example.org/node").then((r) => r.text()).then(console.log)'`,
    );
    proxy.close();
    expect(outcome.stdout).toBe('proxyproxy\n');
    expect(asked).toEqual(['GET http://example.org/page HTTP/1.1', 'GET http://example.org/node HTTP/1.1']);
  });

  test('tells what its first process prints, and how that ended', async () => {
    const { container } = await bench.open({
      command: ['bash', '-c', 'echo out; echo err >&2; exit 7'],
    });
    const told: string[] = [];
    await container.logs(({ stream, text }) => told.push(`${stream} ${text}`), NEVER);
    expect(told.sort()).toEqual(['stderr err\n', 'stdout out\n']);
    expect(await container.ended()).toEqual({ exitCode: 7, outOfMemory: false, diskFull: false });
    await expect(
      container.exec({ command: ['true'], timeoutMs: 1_000, signal: NEVER }),
    ).rejects.toMatchObject({ kind: 'gone' });
  });

  test('says that its first process took too much memory', async () => {
    const { container } = await bench.open({ command: ['python3', '-c', 'x = bytearray(1 << 30)'] });
    expect(await container.ended()).toMatchObject({ exitCode: 137, outOfMemory: true });
  });

  test('tells what it takes', async () => {
    const { container } = await bench.open();
    const enough = new AbortController();
    const samples: number[] = [];
    await container.stats(({ memoryBytes, processes }) => {
      samples.push(memoryBytes, processes);
      enough.abort();
    }, enough.signal);
    expect(samples[0]).toBeGreaterThan(10_000);
    expect(samples[1]).toBeGreaterThan(0);
  });

  test('ends its first process by asking it, where it listens', async () => {
    const { container } = await bench.open({
      command: ['bash', '-c', 'trap "exit 3" TERM; while :; do sleep 0.05; done'],
    });
    await container.stop(10_000);
    expect(await container.ended()).toMatchObject({ exitCode: 3 });
    await container.stop(0);
    await container.remove();
    await container.remove();
  });
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('a command in a container', () => {
  test('is given input, variables and a folder, and answers with both streams and its code', async () => {
    const { sh } = await bench.open();
    await sh('mkdir -p deep');
    expect(
      await sh('cat; pwd; echo $WORD >&2; exit 3', {
        stdin: 'päper\n',
        environment: { WORD: 'word' },
        workdir: '/workspace/deep',
      }),
    ).toMatchObject({ ended: 'exited', exitCode: 3, stdout: 'päper\n/workspace/deep\n', stderr: 'word\n' });
  });

  test('is told as it prints, and is kept in its beginning and its end where that is much', async () => {
    const { sh } = await bench.open();
    const pieces: string[] = [];
    const { stdout } = await sh('echo first; seq 100000; echo last', {
      onOutput: ({ text }) => pieces.push(text),
    });
    expect(stdout).toMatch(/^first\n[\s\S]*bytes left out[\s\S]*\nlast\n$/);
    expect(stdout.length).toBeLessThan(66_000);
    expect(pieces.join('')).toMatch(/^first\n[\s\S]*\n100000\nlast\n$/);
    expect(pieces.join('').length).toBeGreaterThan(500_000);
  });

  test('reads a long input that it does not need all of', async () => {
    const { sh } = await bench.open();
    expect(await sh('head -c 3', { stdin: 'abc'.repeat(300_000) })).toMatchObject({
      exitCode: 0,
      stdout: 'abc',
    });
  });

  test('takes its group with it: when its time is up, when it is interrupted, when it ends', async () => {
    const { sh } = await bench.open();
    const left = async () => (await sh('pgrep -c sleep')).stdout;
    const before = await left();
    expect(await sh('sleep 1000 & sleep 1000', { timeoutMs: 200 })).toMatchObject({
      ended: 'timed-out',
      exitCode: null,
    });
    const controller = new AbortController();
    const interrupted = sh('echo up; sleep 1000', {
      signal: controller.signal,
      onOutput: () => controller.abort(),
    });
    expect(await interrupted).toMatchObject({ ended: 'aborted', stdout: 'up\n' });
    expect(await sh('sleep 1000 & true')).toMatchObject({ ended: 'exited', exitCode: 0 });
    expect(await left()).toBe(before);
  });

  test('that ignores the wish to end is ended after two seconds', async () => {
    const { sh } = await bench.open();
    const outcome = await sh('trap "" TERM; while :; do sleep 0.1; done', { timeoutMs: 100 });
    expect(outcome.ended).toBe('timed-out');
    expect(outcome.durationMs).toBeGreaterThan(2_000);
  });

  test('that was interrupted before it began does not begin', async () => {
    const { sh } = await bench.open();
    expect(await sh('touch begun', { signal: AbortSignal.abort() })).toMatchObject({ ended: 'aborted' });
    expect((await sh('ls')).stdout).toBe('');
  });

  test('ends when whoever asked for it dies', async () => {
    const { container, sh } = await bench.open();
    const program = `import { createContainers } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const containers = createContainers({ home: process.argv[1], socketPath: process.argv[2] });
      const container = await containers.adopt(process.argv[3]);
      void container.exec({ command: ['sleep', '1000'], timeoutMs: 60000, signal: new AbortController().signal });`;
    const child = spawn(process.execPath, [
      '--input-type=module-typescript',
      '-e',
      program,
      bench.home,
      bench.daemon.socketPath,
      container.id,
    ]);
    await sh('until pgrep -x sleep -a | grep -q "sleep 1000$"; do sleep 0.05; done');
    child.kill('SIGKILL');
    const outcome = await sh('while pgrep -x sleep -a | grep -q "sleep 1000$"; do sleep 0.05; done', {
      timeoutMs: 15_000,
    });
    expect(outcome.ended).toBe('exited');
  });
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('whoever has containers', () => {
  test('finds those of its own home, and goes on with them', async () => {
    const { container, sh } = await bench.open({ purpose: { kind: 'worker', id: 'job-7' } });
    await sh('echo kept > file');
    const mine = await bench.containers.mine();
    expect(mine.find(({ id }) => id === container.id)).toMatchObject({
      purpose: { kind: 'worker', id: 'job-7' },
      running: true,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const again = await bench.containers.adopt(container.id);
    const read = { command: ['cat', 'file'], timeoutMs: 5_000, signal: NEVER };
    expect(await again?.exec(read)).toMatchObject({ stdout: 'kept\n' });
    const stranger = createContainers({ home: bench.folder(), socketPath: bench.daemon.socketPath });
    expect(await stranger.mine()).toEqual([]);
    expect(await stranger.adopt(container.id)).toBeUndefined();
    await again?.remove();
    expect(await bench.containers.adopt(container.id)).toBeUndefined();
  });

  test('cannot start two for one purpose, but a new one after the first has ended', async () => {
    const order = bench.order({ command: ['sleep', '1000'] });
    const first = await bench.containers.start(order, NEVER);
    await expect(bench.containers.start(order, NEVER)).rejects.toMatchObject({ kind: 'exists' });
    await first.stop(0);
    const second = await bench.containers.start(order, NEVER);
    expect(second.id).not.toBe(first.id);
  });

  test('is told which command makes the image that is missing', async () => {
    expect(await bench.containers.hasImage(bench.daemon.image)).toBe(true);
    expect(await bench.containers.hasImage('ironbark-sandbox:v0')).toBe(false);
    await expect(bench.open({ image: 'ironbark-sandbox:v0' })).rejects.toMatchObject({
      kind: 'image-missing',
      message: expect.stringContaining('ironbark sandbox build'),
    });
    await expect(bench.open({ image: 'debian:12' })).rejects.toMatchObject({
      kind: 'image-missing',
      message: expect.stringContaining('docker pull debian:12'),
    });
  });

  test('leaves nothing behind where it changes its mind', async () => {
    const order = bench.order();
    await expect(bench.containers.start(order, AbortSignal.abort())).rejects.toMatchObject({
      kind: 'aborted',
    });
    const mine = await bench.containers.mine();
    expect(mine.filter(({ purpose }) => purpose.id === order.purpose.id)).toEqual([]);
  });

  test('is told that a folder to share is not there', async () => {
    const gone = { hostPath: join(bench.folder(), 'gone'), readOnly: false };
    await expect(bench.open({ workspace: gone })).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('is not there'),
    });
  });
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('a daemon', () => {
  test('that dies in the middle of a command is told as such, and so is every later wish', async () => {
    await using own = await openContainerBench();
    expect(await own.containers.probe()).toMatchObject({ state: 'available' });
    const { sh, container } = await own.open();
    const dead = Promise.withResolvers<void>();
    const kill = (): void => dead.resolve(own.daemon.kill());
    await expect(sh('echo up; sleep 1000', { onOutput: kill })).rejects.toMatchObject({
      kind: expect.stringMatching(/^(?:lost|unavailable)$/),
    });
    await dead.promise;
    await expect(own.open()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await own.containers.probe()).toMatchObject({
      state: 'not-running',
      fix: 'sudo systemctl start docker',
    });
    await own.daemon.restart();
    expect(await own.containers.probe()).toMatchObject({ state: 'available' });
    expect(await own.containers.mine()).toMatchObject([{ id: container.id, running: false }]);
    await container.remove();
  });
});

describe('without a daemon', () => {
  test('a wish for a container fails, and says which command helps', async () => {
    const home = mkdtempSync(join(tmpdir(), 'ib-no-docker-'));
    const containers = createContainers({ home, socketPath: join(home, 'docker.sock') });
    expect(['not-installed', 'not-running']).toContain((await containers.probe()).state);
    await expect(containers.mine()).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/Run: /),
    });
    rmSync(home, { recursive: true });
  });
});
