import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { serverWithVectors } from './pgvector.ts';

/** A real PostgreSQL server, started for a test and gone with it. */
export interface PostgresServer extends AsyncDisposable {
  /** Makes an empty database and returns its URL. */
  freshDatabase(): Promise<string>;
  /** Ends a server as if its machine had failed, and starts it again. */
  restart(): Promise<void>;
}

const PASSWORD = 'correct horse';

/**
 * Starts a server; undefined, with the reason printed, where this machine has none and cannot get one.
 *
 * @param options.vectors one that has the extension `vector`
 */
export async function startPostgres({ vectors = false } = {}): Promise<PostgresServer | undefined> {
  const installed = findBinaries() ?? installBinaries();
  if (installed !== undefined) {
    const bin = vectors ? serverWithVectors(installed) : installed;
    return bin === undefined ? undefined : start(bin);
  }
  console.warn(
    'SKIPPED: no PostgreSQL under /usr/lib/postgresql, and it could not be installed (apt-get, as root)',
  );
  return undefined;
}

/** The newest that is installed. Debian keeps server binaries out of the PATH. */
function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number) : [];
  return versions
    .sort((a, b) => b - a)
    .map((version) => join(root, String(version), 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

function installBinaries(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql'], {
      env,
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  return findBinaries();
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. */
function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] = accounts.find(([name]) => name === 'postgres' || name === 'nobody') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

async function start(bin: string): Promise<PostgresServer> {
  const account = unprivilegedAccount();
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-postgres-'));
  if (account) chownSync(folder, account.uid, account.gid);
  initialise(bin, folder, account);
  const port = await freePort();
  let server = await run(bin, folder, port, account);
  let databases = 0;
  const urlOf = (name: string): string =>
    `postgres://tester:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${name}`;

  return {
    async freshDatabase() {
      const name = `test_${++databases}`;
      const client = new pg.Client(urlOf('postgres'));
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return urlOf(name);
    },
    async restart() {
      await stop(server, 'SIGQUIT');
      server = await run(bin, folder, port, account);
    },
    async [Symbol.asyncDispose]() {
      await stop(server, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function initialise(bin: string, folder: string, account: Account | undefined): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
  execFileSync(
    join(bin, 'initdb'),
    [
      '-D',
      join(folder, 'data'),
      '-U',
      'tester',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--no-sync',
    ],
    { ...account, cwd: folder, stdio: 'ignore' },
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return address instanceof Object ? address.port : 0;
}

async function run(
  bin: string,
  folder: string,
  port: number,
  account: Account | undefined,
): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=40',
  ];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', join(folder, 'data'), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // Should the tests be ended from outside, nobody else would end it.
  process.once('exit', () => server.kill('SIGQUIT'));
  for await (const line of createInterface(server.stderr)) {
    if (line.includes('ready to accept connections')) break;
  }
  server.stderr.resume();
  return server;
}

async function stop(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill(signal);
  await exited;
}
