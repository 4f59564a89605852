import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../image/build-image.ts';
import { SANDBOX_IMAGE } from '../image/image-name.ts';

/** A real Docker daemon, started for a test and gone with it, together with all its containers. */
export interface DockerDaemon extends AsyncDisposable {
  readonly socketPath: string;
  /** The image that `ironbark sandbox build` makes, made by this daemon. */
  readonly image: string;
  /** As if its machine had failed: it and its containers are gone at once. */
  kill(): Promise<void>;
  /** After `kill`: on the same data, so that containers are known and have ended. */
  restart(): Promise<void>;
}

const DOCKERD = ['/usr/sbin/dockerd', '/usr/bin/dockerd'].find((path) => existsSync(path));

/** Why no daemon can be started here; undefined where one can. For `describe.skipIf`, and to be printed. */
export const WITHOUT_DOCKER: string | undefined = reasonAgainst();

function reasonAgainst(): string | undefined {
  if (process.platform !== 'linux') return 'SKIPPED: the tests with containers need Linux';
  if (DOCKERD === undefined) return 'SKIPPED: there is no dockerd (Debian: apt-get install docker.io)';
  return process.getuid?.() === 0 ? undefined : 'SKIPPED: only root can start a Docker daemon';
}

/**
 * Starts a daemon of its own in a folder of its own, without touching the network of this machine, and has it make the
 * image. Takes about 5 s. Call it where `WITHOUT_DOCKER` is undefined.
 */
export async function startDockerDaemon({ withImage = true } = {}): Promise<DockerDaemon> {
  if (WITHOUT_DOCKER !== undefined) throw new Error(WITHOUT_DOCKER);
  // Sockets have paths of 107 characters at most, and the daemon makes long ones below this folder.
  const folder = mkdtempSync(join(tmpdir(), 'ib-docker-'));
  const socketPath = join(folder, 'docker.sock');
  let daemon = await run(folder, socketPath);
  if (withImage) await makeImage(socketPath);
  return {
    socketPath,
    image: SANDBOX_IMAGE,
    kill: () => endEverything(daemon, folder),
    async restart() {
      daemon = await run(folder, socketPath);
    },
    async [Symbol.asyncDispose]() {
      await endEverything(daemon, folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeImage(socketPath: string): Promise<void> {
  const outcome = await buildImage(socketPath);
  if (!outcome.ok) throw new Error(`The image lacks ${outcome.missing.join(', ')}`);
}

async function run(folder: string, socketPath: string): Promise<ChildProcess> {
  const at = (name: string): string => join(folder, name);
  rmSync(at('pid'), { force: true });
  const daemon = spawn(
    DOCKERD ?? 'dockerd',
    [
      ...['--data-root', at('data'), '--exec-root', at('exec'), '-H', `unix://${socketPath}`],
      ...['--pidfile', at('pid'), '--iptables=false', '--ip6tables=false', '--bridge=none'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // Should the tests be ended from outside, nobody else would end it.
  process.once('exit', () => daemon.kill('SIGTERM'));
  let told = '';
  daemon.stderr?.on('data', (piece: Buffer) => {
    told = `${told}${piece}`.slice(-4_000);
  });
  while (!(await answers(socketPath))) {
    if (daemon.exitCode !== null || daemon.signalCode !== null) throw new Error(`dockerd ended: ${told}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return daemon;
}

/** The socket is there before the daemon has looked through what it has. */
const answers = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ socketPath, path: '/_ping', timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const exited = once(daemon, 'exit');
  daemon.kill('SIGKILL');
  await exited;
}

async function endEverything(daemon: ChildProcess, folder: string): Promise<void> {
  await end(daemon);
  killContainers(folder);
  // What the daemon had started for itself names the folder on its command line.
  const ofIt = (): readonly number[] => pidsThat((commandLine) => commandLine.includes(`${folder}/`));
  for (let pids = ofIt(); pids.length > 0; pids = ofIt()) {
    for (const pid of pids) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // What a machine loses with its memory.
  unmountBelow(folder);
  rmSync(join(folder, 'exec'), { recursive: true, force: true });
}

/** The processes of a container stand in a control group of its name; their command lines say nothing. */
function killContainers(folder: string): void {
  for (const id of namesIn(join(folder, 'data/containers')))
    for (const group of [`/sys/fs/cgroup/pids/docker/${id}`, `/sys/fs/cgroup/docker/${id}`])
      for (const pid of textOf(join(group, 'cgroup.procs')).split('\n')) kill(Number(pid));
}

function unmountBelow(folder: string): void {
  const places = textOf('/proc/self/mounts')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of places.reverse()) spawnSync('umount', ['-l', place]);
}

const pidsThat = (isMeant: (commandLine: string) => boolean): readonly number[] =>
  namesIn('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && isMeant(textOf(`/proc/${pid}/cmdline`)));

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Empty where it is gone: processes and groups end while one looks. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
