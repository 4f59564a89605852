import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createFileScope } from '../tools/index.ts';
import { type ContainerBench, type OpenContainer, openContainerBench } from './testing/container-bench.ts';
import { WITHOUT_DOCKER } from './testing/docker-daemon.ts';

/** Ways out of a container, each tried from inside a real one. */

if (WITHOUT_DOCKER !== undefined) console.warn(WITHOUT_DOCKER);

let bench: ContainerBench;
let inside: OpenContainer;

beforeAll(async () => {
  if (WITHOUT_DOCKER !== undefined) return;
  bench = await openContainerBench();
  inside = await bench.open();
});
// A machine with other work takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
afterAll(async () => bench?.[Symbol.asyncDispose]());

/** A system call that the programs at hand do not offer, by way of Python. */
const python = (code: string): string =>
  `python3 - <<'END'\nimport ctypes, os, socket, sys\nlibc = ctypes.CDLL(None, use_errno=True)\ndef tried(result):\n    print(result, os.strerror(ctypes.get_errno()))\n    sys.exit(0 if result == 0 else 1)\n${code}\nEND`;

const rulesSince = (before: number): readonly (string | undefined)[] =>
  bench.audit.slice(before).map(({ rule }) => rule);

/** What the daemon, or our own watch, says of this container. */
const certain = ({ container }: OpenContainer): readonly (string | undefined)[] =>
  bench.audit
    .filter(({ detail }) => detail?.container === container.id.slice(0, 12) && detail.evidence === 'daemon')
    .map(({ rule }) => rule);

const REFUSED =
  /not permitted|denied|Read-only file system|must be superuser|No such|unreachable|connect|resolve/i;

type Attempted = 'not-permitted' | 'read-only' | 'denied' | 'no-network' | 'unseen';

/** What is tried, and how, by the rule that it is on record with. */
const ATTEMPTS: Readonly<Record<Attempted, readonly (readonly [string, string])[]>> = {
  'not-permitted': [
    ['mount a file system', python(`tried(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))`)],
    ['mount the host by its device', python(`tried(libc.mount(b'/dev/vda', b'/tmp', b'ext4', 0, None))`)],
    ['mount it with the program for that', 'mount -t tmpfs none /tmp'],
    ['take its own root away', python(`os.mkdir('/tmp/r'); tried(libc.chroot(b'/tmp/r'))`)],
    ['change root with pivot_root', python(`tried(libc.syscall(155, b'/tmp', b'/tmp'))`)],
    ['have a user namespace, to be root in it', python(`tried(libc.unshare(0x10000000))`)],
    ['have a namespace of mounts', python(`tried(libc.unshare(0x00020000))`)],
    [
      'enter the namespaces of the first process',
      python(`fd = os.open('/proc/1/ns/mnt', os.O_RDONLY)\ntried(libc.setns(fd, 0))`),
    ],
    ['become root by number', python(`tried(libc.setuid(0))`)],
    ['become another user', python(`tried(libc.setresuid(0, 0, 0))`)],
    ['make a device', python(`os.mknod('/tmp/disk', 0o60666, os.makedev(8, 0))`)],
    ['make a device in the workspace', python(`os.mknod('/workspace/disk', 0o60666, os.makedev(254, 0))`)],
    ['open a raw socket', python(`socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)`)],
    ['open a packet socket', python(`socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)`)],
    [
      'read the keys of the kernel',
      python(`key = libc.syscall(248, b'user', b'x', b'y', 1, -3)\ntried(0 if key > 0 else -1)`),
    ],
    ['load code into the kernel', python(`tried(libc.syscall(321, 5, None, 0))`)],
    ['watch what the kernel does', python(`tried(libc.syscall(298, None, 0, -1, -1, 0))`)],
    [
      'read the log of the kernel',
      python(`tried(-1 if libc.klogctl(3, ctypes.create_string_buffer(64), 64) < 0 else 0)`),
    ],
    ['set the clock', 'date -s 2000-01-01 2>&1 >/dev/null'],
    ['set the name of the machine', python(`tried(libc.sethostname(b'x', 1))`)],
    [
      'give itself an address',
      python(
        `import fcntl, struct\ns = socket.socket()\nfcntl.ioctl(s, 0x8916, struct.pack('16sH14s', b'lo', 2, b'\\0' * 14))`,
      ),
    ],
  ],
  'read-only': [
    ['have a program started by the kernel', 'echo "|/tmp/x" > /proc/sys/kernel/core_pattern'],
    ['change a setting of the kernel', 'echo 1 > /proc/sys/vm/drop_caches'],
    ['change a control group', 'echo 1 > /sys/fs/cgroup/pids/pids.max'],
    ['have a program started by a control group', 'echo /tmp/x > /sys/fs/cgroup/memory/release_agent'],
    ['write into the kernel objects', 'echo 1 > /sys/kernel/mm/transparent_hugepage/enabled'],
    ['write a program of the image', 'cp /bin/true /usr/bin/ls'],
    ['write its loader', 'echo /tmp/evil.so > /etc/ld.so.preload'],
    ['write beside the workspace', 'echo x > /workspace/../outside'],
  ],
  denied: [['write its users', 'echo "x::0:0::/:/bin/bash" >> /etc/passwd']],
  'no-network': [
    ['reach the machine', 'curl -sS --max-time 3 http://172.17.0.1/ 2>&1'],
    ['reach the service that clouds have for secrets', 'curl -sS --max-time 3 http://169.254.169.254/ 2>&1'],
    ['reach the world', 'curl -sS --max-time 3 http://1.1.1.1/ 2>&1'],
  ],
  // What is not there is not refused, and the program that looks for it only says so.
  unseen: [
    ['trace a process of the machine', python(`tried(libc.ptrace(16, ${process.pid}, None, None))`)],
    ['restart the machine by /proc', 'echo b > /proc/sysrq-trigger'],
    ['read the memory of the machine', 'head -c 1 /dev/mem'],
    ['read a disk of the machine', 'head -c 1 /dev/vda'],
    ['find the socket of Docker', 'ls /var/run/docker.sock /run/docker.sock'],
    ['find the socket of containerd', 'ls /run/containerd'],
    ['ask for a name', 'curl -sS --max-time 3 http://example.com/ 2>&1'],
  ],
};

describe.skipIf(WITHOUT_DOCKER !== undefined)('from inside a container nobody can', () => {
  test.each(
    Object.entries(ATTEMPTS).flatMap(([rule, tried]) => tried.map(([what, line]) => ({ what, line, rule }))),
  )('$what: $rule', async ({ line, rule }) => {
    const before = bench.audit.length;
    const { exitCode, stdout, stderr } = await inside.sh(line);
    expect(exitCode).not.toBe(0);
    expect(`${stdout}${stderr}`).toMatch(REFUSED);
    await inside.sh('echo "Operation not permitted"');
    // The line that was written last is that of the command after it.
    await expect.poll(() => rulesSince(before).at(-1)).toBe('not-permitted');
    expect(rulesSince(before).slice(0, -1)).toEqual(rule === 'unseen' ? [] : [rule]);
    expect(bench.audit[before]).toMatchObject({
      kind: 'container.refused',
      effectId: `shell/${inside.container.purpose.id}`,
      detail: { container: inside.container.id.slice(0, 12), evidence: 'output' },
    });
  });

  test('gain rights by a program that belongs to another and is marked to run as them', async () => {
    const { workspace, sh } = await bench.open();
    execFileSync('cp', ['/usr/bin/id', join(workspace, 'marked')]);
    // The mark is put on when the container is up: before, the program would be handed over to it.
    const command = sh('until [ -u marked ]; do sleep 0.05; done; ./marked -u');
    execFileSync('chown', ['root:root', join(workspace, 'marked')]);
    execFileSync('chmod', ['4755', join(workspace, 'marked')]);
    expect((await command).stdout).toBe('10001\n');
  });

  test('see or end processes of the machine', async () => {
    const { stdout } = await inside.sh(`ls /proc | grep -c '^[0-9]'; kill -9 ${process.pid} 2>&1`);
    expect(Number(stdout.split('\n')[0])).toBeLessThan(10);
    expect(stdout).toContain('No such process');
  });

  test('have capabilities, or a way to get any', async () => {
    const { stdout } = await inside.sh(
      'grep -E "Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp:" /proc/self/status',
    );
    expect(stdout.match(/Cap\w+:\s+0{16}/g)).toHaveLength(5);
    expect(stdout).toMatch(/NoNewPrivs:\s+1/);
    expect(stdout).toMatch(/Seccomp:\s+2/);
  });

  test('find anything of ours in its variables', async () => {
    const { stdout } = await inside.sh('env | cut -d= -f1 | sort');
    expect(stdout.trim().split('\n')).toEqual(['HOME', 'HOSTNAME', 'LANG', 'PATH', 'PWD', 'SHLVL', '_']);
  });

  test('have us follow a link that it made to a file of the machine', async () => {
    const { workspace, sh } = await bench.open();
    await sh('ln -s /etc/shadow shadow; ln -s / everything; ln -s ../../../../etc/hostname hostname');
    const files = createFileScope({ root: workspace, temporary: [] });
    for (const path of ['shadow', 'everything/etc/passwd', 'hostname'])
      expect(await files.resolve(path)).toMatchObject({ ok: false });
  });

  test('have us give it a file of the machine by way of a link', async () => {
    const secret = join(bench.folder(), 'secret');
    writeFileSync(secret, 'x', { mode: 0o600 });
    const { sh } = await bench.open();
    await sh(`ln -s ${secret} link; mkdir d; ln -s ${secret} d/link`);
    // With each command what is not its own is handed over.
    await sh('true');
    expect(statSync(secret).uid).toBe(0);
  });

  test('have us give it a file by a folder that it puts a link in the place of, again and again', async () => {
    const victim = bench.folder();
    writeFileSync(join(victim, 'file'), 'x');
    const { workspace, sh } = await bench.open();
    const swapping = sh(
      `for i in $(seq 400); do mkdir -p d; : > d/file; mv d e; ln -s ${victim} d; rm d; rm -rf e; done`,
    );
    for (let at = 0; at < 20; at++) {
      mkdirSync(join(workspace, `of-root-${at}`), { recursive: true });
      await sh('true');
    }
    await swapping;
    expect(statSync(join(victim, 'file')).uid).toBe(0);
  });

  test('see what is hidden in its workspace, or write there', async () => {
    const hostPath = bench.folder();
    mkdirSync(join(hostPath, 'home/data'), { recursive: true });
    writeFileSync(join(hostPath, 'home/data/key'), 'the key', { mode: 0o644 });
    writeFileSync(join(hostPath, '.env'), 'TOKEN=x');
    const hidden = [
      { path: 'home', kind: 'folder' },
      { path: '.env', kind: 'file' },
    ] as const;
    const { sh } = await bench.open({ workspace: { hostPath, readOnly: false, hidden } });
    expect((await sh('ls -A home; cat .env; cat home/data/key')).stdout).toBe('');
    expect((await sh('echo x > home/new')).exitCode).not.toBe(0);
    expect((await sh('rm -rf home .env; umount home; mv home elsewhere')).exitCode).not.toBe(0);
    expect(readFileSync(join(hostPath, 'home/data/key'), 'utf8')).toBe('the key');
    expect(statSync(join(hostPath, 'home/data/key')).uid).toBe(0);
    expect(statSync(join(hostPath, '.env')).uid).toBe(0);
  });

  test('write a workspace that it may only read, or the sockets beside it', async () => {
    const [socketFolder, hostPath] = [bench.folder(), bench.folder()];
    for (const folder of [socketFolder, hostPath]) chmodSync(folder, 0o755);
    const { sh, workspace } = await bench.open({
      workspace: { hostPath, readOnly: true },
      socketFolder,
    });
    expect((await sh('echo x > file')).stderr).toContain('Read-only file system');
    expect((await sh('echo x > /run/ironbark/egress.sock')).stderr).toMatch(/Read-only|denied/);
    expect((await sh('rm -rf /run/ironbark/*; mv /run/ironbark /run/other')).exitCode).not.toBe(0);
    expect(existsSync(join(workspace, 'file'))).toBe(false);
  });

  test('be given the whole machine as its workspace', async () => {
    await expect(bench.open({ workspace: { hostPath: '/', readOnly: true } })).rejects.toMatchObject({
      kind: 'refused',
    });
    const link = join(bench.folder(), 'link');
    symlinkSync('/', link);
    await expect(bench.open({ workspace: { hostPath: link, readOnly: true } })).rejects.toMatchObject({
      kind: 'refused',
    });
  });
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('what takes more than it may', () => {
  test('forks without end: it is ended in its time, and the container goes on', async () => {
    const opened = await bench.open();
    const { sh } = opened;
    const outcome = await sh(':(){ :|:& };:; sleep 10', { timeoutMs: 4_000 });
    expect(outcome.ended).toBe('timed-out');
    expect(await sh('echo alive')).toMatchObject({ ended: 'exited', stdout: 'alive\n' });
    expect(Number((await sh("ls /proc | grep -c '^[0-9]'")).stdout)).toBeLessThan(10);
    expect(certain(opened)).toContain('process-limit');
  });

  test('has as many processes as it may, and says nothing of it: that is seen all the same', async () => {
    const opened = await bench.open();
    const silently = 'import os, time\ntry:\n while os.fork(): pass\nexcept OSError: pass\ntime.sleep(4)';
    expect(await opened.sh(`python3 -c '${silently}'`)).toMatchObject({ stdout: '', stderr: '' });
    expect(certain(opened)).toEqual(['process-limit']);
  });

  test('takes memory without end: only the command is ended, and that is said', async () => {
    const opened = await bench.open();
    const { sh } = opened;
    const outcome = await sh('python3 -c "x = bytearray(1 << 30)"; echo after $?');
    expect(outcome.stdout).toBe('after 137\n');
    await expect.poll(() => certain(opened)).toEqual(['memory-limit']);
    expect(await sh('exec python3 -c "x = bytearray(1 << 30)"')).toMatchObject({
      ended: 'exited',
      exitCode: 137,
      outOfMemory: true,
    });
    expect(await sh('exec bash -c "kill -9 \\$\\$"')).toMatchObject({ exitCode: 137, outOfMemory: false });
    expect(await sh('echo alive')).toMatchObject({ stdout: 'alive\n' });
  });

  test('fills its temporary folder: there is no more room', async () => {
    const { sh } = await bench.open();
    const before = bench.audit.length;
    expect((await sh('head -c 200M /dev/zero > /tmp/fill')).stderr).toContain('No space left');
    await expect.poll(() => rulesSince(before)).toEqual(['no-space']);
  });

  test('fills its shared memory: there is no more room', async () => {
    const { sh } = await bench.open();
    expect((await sh('head -c 200M /dev/zero > /dev/shm/fill')).stderr).toContain('No space left');
  });

  test('fills the disk with many files: the container is killed, and its end says why', async () => {
    const limits = { memoryMb: 256, cpus: 2, processes: 64, temporaryMb: 64, workspaceMb: 40 };
    const opened = await bench.open({ limits });
    const { sh, container } = opened;
    const filling = sh('for i in $(seq 10000); do head -c 5M /dev/zero > fill-$i; sleep 0.02; done');
    await expect(filling).rejects.toMatchObject({
      kind: 'gone',
      message: expect.stringContaining('workspace'),
    });
    expect(await container.ended()).toEqual({ exitCode: 137, outOfMemory: false, diskFull: true });
    await expect.poll(() => certain(opened)).toEqual(['disk-limit']);
    await container.remove();
  });

  test('fills the disk with one file: it is stopped where the file may grow no more', async () => {
    const limits = { memoryMb: 256, cpus: 2, processes: 64, temporaryMb: 64, workspaceMb: 40 };
    const { sh } = await bench.open({ limits });
    const before = bench.audit.length;
    const outcome = await sh('head -c 200M /dev/zero > fill; ls -s --block-size=1M fill | cut -d" " -f1');
    expect(Number(outcome.stdout)).toBeLessThanOrEqual(41);
    await expect.poll(() => rulesSince(before)).toEqual(['disk-limit']);
  });

  test('ignores the wish to stop: it is killed after the grace', async () => {
    const stubborn = ['bash', '-c', 'trap "" TERM; echo up; while :; do sleep 0.1; done'];
    const { container } = await bench.open({ command: stubborn });
    await until(container, 'up');
    const begun = performance.now();
    await container.stop(1_000);
    expect(performance.now() - begun).toBeGreaterThan(900);
    expect(await container.ended()).toEqual({ exitCode: 137, outOfMemory: false, diskFull: false });
  });

  test('leaves processes behind that nobody takes in: they do not add up', async () => {
    const { sh } = await bench.open();
    await sh('for i in $(seq 30); do (setsid true &) ; done; sleep 0.3');
    expect(Number((await sh("ls /proc | grep -c '^[0-9]'")).stdout)).toBeLessThan(10);
  });
});

async function until({ logs }: OpenContainer['container'], text: string): Promise<void> {
  const seen = new AbortController();
  await logs((piece) => {
    if (piece.text.includes(text)) seen.abort();
  }, seen.signal);
}
