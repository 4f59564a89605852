import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../../core/package-root.ts';

/** The first release of Debian with pgvector 0.8. */
const RELEASE = 'trixie';

/**
 * A copy of the installed server with the extension `vector` in it, built from Debian's source; the server itself stays
 * as it is, so that tests also run without. Takes half a minute once, and then is in `.cache`. Undefined, with the
 * reason printed, where it cannot be built here.
 *
 * @param bin folder of the installed server's programs, `/usr/lib/postgresql/15/bin`
 */
export function serverWithVectors(bin: string): string | undefined {
  const version = /\d+/.exec(bin)?.[0] ?? '';
  const cached = join(PACKAGE_ROOT, '.cache', `postgresql-${version}-pgvector`);
  const programs = join(cached, 'usr', 'lib', 'postgresql', version, 'bin');
  if (existsSync(programs)) return programs;
  try {
    build(cached, version);
    return programs;
  } catch (thrown) {
    console.warn(
      `SKIPPED: pgvector could not be built (apt-get, make, gcc). ${String(thrown).slice(0, 300)}`,
    );
    return undefined;
  }
}

function build(cached: string, version: string): void {
  const workshop = mkdtempSync(join(tmpdir(), 'ironbark-pgvector-'));
  try {
    fetchSources(workshop, version);
    const root = join(workshop, 'root');
    copyServer(root, version);
    // What a build needs is in a package whose own needs are large; its files are enough.
    run(workshop, 'dpkg', ['-x', only(workshop, 'postgresql-server-dev-*.deb'), root]);
    run(workshop, 'tar', ['xf', only(workshop, 'pgvector_*.orig.tar.gz')]);
    const source = join(workshop, only(workshop, 'pgvector-*'));
    const config = join(root, 'usr', 'lib', 'postgresql', version, 'bin', 'pg_config');
    run(source, 'make', ['OPTFLAGS=', 'with_llvm=no', `PG_CONFIG=${config}`]);
    run(source, 'make', ['install', 'with_llvm=no', `PG_CONFIG=${config}`]);
    keep(root, cached);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** Whole or not at all, also where two build at once. */
function keep(root: string, cached: string): void {
  const aside = `${cached}.${process.pid}`;
  mkdirSync(dirname(cached), { recursive: true });
  cpSync(root, aside, { recursive: true });
  if (existsSync(cached)) rmSync(aside, { recursive: true });
  else renameSync(aside, cached);
}

/** A server finds its files from where its program lies, so a copy of both has an extension folder of its own. */
function copyServer(root: string, version: string): void {
  for (const folder of ['lib', 'share']) {
    const path = join('usr', folder, 'postgresql', version);
    cpSync(join('/', path), join(root, path), { recursive: true, dereference: true });
  }
}

/** With lists of its own, from the machine's mirror: nothing is installed, and the machine's lists stay. */
function fetchSources(workshop: string, version: string): void {
  const { mirror, keyring } = machineSource();
  const machine = /VERSION_CODENAME=(\w+)/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? RELEASE;
  const list = join(workshop, 'sources.list');
  const entries = [
    `deb-src [signed-by=${keyring}] ${mirror} ${RELEASE} main`,
    `deb [signed-by=${keyring}] ${mirror} ${machine} main`,
  ];
  writeFileSync(list, `${entries.join('\n')}\n`);
  for (const folder of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(workshop, folder), { recursive: true });
  const options = Object.entries({
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(workshop, 'lists'),
    'Dir::Cache': join(workshop, 'cache'),
    'APT::Sandbox::User': 'root',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  run(workshop, 'apt-get', [...options, 'update', '-qq']);
  run(workshop, 'apt-get', [...options, 'source', '--download-only', '-qq', 'pgvector']);
  run(workshop, 'apt-get', [...options, 'download', '-qq', `postgresql-server-dev-${version}`]);
}

function machineSource(): { readonly mirror: string; readonly keyring: string } {
  const text = readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8');
  const mirror = /^URIs: (\S+)/m.exec(text)?.[1];
  const keyring = /^Signed-By: (\S+)/m.exec(text)?.[1];
  if (mirror === undefined || keyring === undefined) throw new Error('no mirror in debian.sources');
  return { mirror, keyring };
}

function only(folder: string, pattern: string): string {
  const [found] = globSync(pattern, { cwd: folder });
  if (found === undefined) throw new Error(`there is no ${pattern}`);
  return found;
}

const TIME_MS = 90_000;

function run(cwd: string, program: string, parameters: readonly string[]): void {
  execFileSync(program, parameters, { cwd, stdio: 'ignore', timeout: TIME_MS });
}
