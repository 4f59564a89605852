import { chmod, stat, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import type { Settings, Terminal } from '../context.ts';
import { readConfig } from '../settings.ts';
import { tokenPath } from '../token.ts';
import { type Finding, failure, warning, well } from './finding.ts';

const OTHERS = 0o077;
const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
/** What PostgreSQL's log alone may take before it is written back (`max_wal_size`). */
const LITTLE_BYTES = 1024 ** 3;
/** Four segments of that log. */
const TOO_LITTLE_BYTES = 64 * 1024 ** 2;

/**
 * What can be seen without an assistant: the home folder, who can read it, the configuration, the disk.
 *
 * @param fix closes to others what only its owner should read
 */
export async function lookAtHome(
  settings: Settings,
  terminal: Terminal,
  fix: boolean,
): Promise<readonly Finding[]> {
  const { home } = settings;
  const configuration = await lookAtConfig(settings, terminal);
  const isThere = await stat(home).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) return [well('home folder', `${home} will be made by the first start.`), configuration];
  return [
    await lookAtAccess('home folder', home, OWNER_ONLY_FOLDER, fix),
    ...(await lookAtFiles(home, fix)),
    configuration,
    await lookAtDisk(home),
  ];
}

/** Only those that are there: most are made when they are first needed. */
async function lookAtFiles(home: string, fix: boolean): Promise<readonly Finding[]> {
  const paths = [tokenPath(home), join(home, 'repl-history')];
  const looks = paths.map((path) => lookAtAccess(basename(path), path, OWNER_ONLY_FILE, fix));
  return (await Promise.allSettled(looks)).flatMap((look) =>
    look.status === 'fulfilled' ? [look.value] : [],
  );
}

async function lookAtAccess(about: string, path: string, mode: number, fix: boolean): Promise<Finding> {
  if (((await stat(path)).mode & OTHERS) === 0) return well(about, `${path}, for its owner alone.`);
  const text = `Others on this machine can look into ${path}.`;
  if (!fix) return failure(about, text, `Put it right with: ironbark doctor --fix`);
  try {
    await chmod(path, mode);
    return { ...well(about, `${path} is now for its owner alone.`), fixed: true };
  } catch (thrown) {
    return failure(about, `${text} It could not be closed to them: ${coerceError(thrown).message}`);
  }
}

async function lookAtConfig(settings: Settings, terminal: Terminal): Promise<Finding> {
  try {
    await readConfig(settings, terminal);
    return well('configuration', 'Every setting is understood.');
  } catch (thrown) {
    const error = coerceError(thrown);
    return failure('configuration', error.message, error instanceof IronbarkError ? error.hint : undefined);
  }
}

async function lookAtDisk(home: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(home);
  const free = bavail * bsize;
  const text = `${(free / 1024 ** 3).toFixed(1)} GB are free.`;
  if (free < TOO_LITTLE_BYTES) return failure('disk', text, 'Nothing more can be kept: make room.');
  return free < LITTLE_BYTES ? warning('disk', text, 'That will not last long.') : well('disk', text);
}
