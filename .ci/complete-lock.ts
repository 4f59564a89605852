import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Completes `package-lock.json` after a change of dependencies. npm leaves optional packages for other platforms
 * out of the lock where they could not be looked up, or were not installed here (npm/cli#4828); `npm ci` then
 * refuses the lock. Their names say what they are for.
 */
interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  packages: Record<string, LockedPackage>;
}

const OS = /\b(android|darwin|freebsd|linux|win32|openharmony)\b/;
const CPU = /\b(arm64|x64|ia32|ppc64|riscv64|s390x|arm)\b/;

function missingOptionals(lock: Lock): readonly (readonly [string, LockedPackage])[] {
  return Object.entries(lock.packages).flatMap(([folder, locked]) =>
    Object.entries(locked.optionalDependencies ?? {}).flatMap(([name, version]) => {
      const known = lock.packages[`node_modules/${name}`] ?? lock.packages[`${folder}/node_modules/${name}`];
      const platform = platformOf(name);
      if (known || !platform || !/^\d/.test(version)) return [];
      return [
        [`node_modules/${name}`, { version, ...platform, ...inherited(locked), optional: true }] as const,
      ];
    }),
  );
}

function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } | undefined {
  const os = OS.exec(name)?.[1];
  const cpu = CPU.exec(name)?.[1];
  if (!os || !cpu) return undefined;
  const libc = name.includes('musl') ? 'musl' : os === 'linux' && name.includes('gnu') ? 'glibc' : undefined;
  return { os: [os], cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
}

function inherited({ dev, license, engines }: LockedPackage): LockedPackage {
  return { ...(dev ? { dev } : {}), ...(license ? { license } : {}), ...(engines ? { engines } : {}) };
}

const lock: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const missing = missingOptionals(lock);
const all = [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(all);
writeFileSync('package-lock.json', `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`package-lock.json: ${missing.length} packages added`);
