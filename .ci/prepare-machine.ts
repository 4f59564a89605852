import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** A program that some tests need and that comes from the system's package manager. */
interface Need {
  readonly what: string;
  readonly packages: readonly string[];
  readonly without: string;
  present(): boolean;
}

const NEEDS: readonly Need[] = [
  {
    what: 'Chromium',
    packages: ['chromium'],
    without: 'the tests in a browser are skipped',
    present: () => existsSync('/usr/bin/chromium'),
  },
  {
    what: 'PostgreSQL',
    packages: ['postgresql'],
    without: 'the storage tests run on the embedded database only',
    present: hasPostgres,
  },
  {
    // 2 MB to fetch, 11 MB installed.
    what: 'GNOME Keyring',
    packages: ['gnome-keyring', 'dbus'],
    without: 'the tests of the system keychain are skipped',
    present: () =>
      ['gnome-keyring-daemon', 'dbus-daemon', 'dbus-send'].every((name) => existsSync(`/usr/bin/${name}`)),
  },
  {
    // 60 MB to fetch. Its daemon need not run: tests start their own, in a folder of their own.
    what: 'Docker',
    packages: ['docker.io'],
    without: 'the tests with containers are skipped',
    present: () => ['/usr/sbin/dockerd', '/usr/bin/dockerd'].some(existsSync),
  },
  {
    what: 'Rust for WebAssembly',
    packages: ['rustc', 'libstd-rust-dev-wasm32', 'lld'],
    without: 'the tests of tools written in Rust are skipped',
    present: () => existsSync('/usr/lib/rustlib/wasm32-unknown-unknown') && existsSync('/usr/bin/wasm-ld'),
  },
];

/**
 * Installs what is missing where that is allowed: as root, on a system with apt. Says in one line each what was
 * installed, and what is skipped and why where it was not.
 */
export function prepareMachine(): readonly string[] {
  const missing = NEEDS.filter((need) => !need.present());
  if (missing.length === 0) return [];
  const reason = cannotInstall();
  if (reason === undefined) install(missing.flatMap(({ packages }) => packages));
  return missing.map((need) =>
    need.present()
      ? `installed: ${need.what}`
      : `skipped: ${need.what} is missing (${reason ?? 'apt-get could not install it'}), so ${need.without}`,
  );
}

function cannotInstall(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root, so it is not installed for you';
  if (!existsSync('/usr/bin/apt-get')) return 'no apt-get on this system';
  return undefined;
}

function install(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: ['ignore', 'ignore', 'inherit'] as const, env, timeout: 300_000 };
  spawnSync('apt-get', ['update', '-qq'], { ...options, stdio: [...options.stdio] });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    ...options,
    stdio: [...options.stdio],
  });
}

function hasPostgres(): boolean {
  const root = '/usr/lib/postgresql';
  return existsSync(root) && readdirSync(root).some((version) => existsSync(`${root}/${version}/bin/initdb`));
}
