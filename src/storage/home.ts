import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { coerceError, IronbarkError } from '../core/errors.ts';

/** The folder that holds everything of one assistant, and where in it things are. */
export interface Home {
  readonly path: string;
  readonly databaseDir: string;
  readonly configFile: string;
  /** What the administrator forbids or decides beforehand. */
  readonly policyFile: string;
  /** What the owner set up to see, change or stop what passes through the assistant. */
  readonly hooksFile: string;
  /** The gateway's token. */
  readonly tokenFile: string;
  readonly logsDir: string;
  readonly filesDir: string;
  /** What files held before the assistant changed them. */
  readonly undoDir: string;
  readonly profilesDir: string;
  /** Tools from outside, dropped or installed here. */
  readonly toolsDir: string;
  /** What the user approved of each tool. Not beside the tools, so that a dropped file cannot approve itself. */
  readonly toolGrantsDir: string;
  /** What can be made again. */
  readonly cacheDir: string;
}

/**
 * Opens a home folder for its owner alone, making it where there is none. One that others can look into is closed
 * to them, if it is a home or empty; a foreign folder is left as it is and refused. Throws `storage` errors.
 */
export function openHome(path: string): Home {
  const home = homeAt(resolve(path));
  try {
    mkdirSync(home.path, { recursive: true, mode: 0o700 });
    closeToOthers(home);
    assertWritable(home.path);
  } catch (thrown) {
    throw thrown instanceof IronbarkError ? thrown : explainHome(home.path, coerceError(thrown));
  }
  return home;
}

function homeAt(path: string): Home {
  return {
    path,
    databaseDir: join(path, 'database'),
    configFile: join(path, 'config.toml'),
    policyFile: join(path, 'policy.toml'),
    hooksFile: join(path, 'hooks.toml'),
    tokenFile: join(path, 'gateway-token'),
    logsDir: join(path, 'logs'),
    filesDir: join(path, 'files'),
    undoDir: join(path, 'undo'),
    profilesDir: join(path, 'profiles'),
    toolsDir: join(path, 'tools'),
    toolGrantsDir: join(path, 'tool-grants'),
    cacheDir: join(path, 'cache'),
  };
}

const OTHERS = 0o077;

function closeToOthers(home: Home): void {
  const open = (statSync(home.path).mode & OTHERS) !== 0;
  if (!open || process.platform === 'win32') return;
  if (!isOurs(home)) {
    throw new IronbarkError(
      'storage',
      `The folder ${home.path} holds other things and is open to other users.`,
      'Choose a new or empty folder with --home or IRONBARK_HOME.',
    );
  }
  chmodSync(home.path, 0o700);
}

/** Making someone's project folder, or `/tmp`, private would be a nasty surprise. */
function isOurs({ path, databaseDir, configFile, tokenFile }: Home): boolean {
  return [databaseDir, configFile, tokenFile].some(existsSync) || readdirSync(path).length === 0;
}

/** Permissions do not tell all: a disk may be full or read-only, so something is really written. */
function assertWritable(path: string): void {
  accessSync(path, constants.W_OK);
  const probe = join(path, `.probe-${process.pid}`);
  writeFileSync(probe, 'probe');
  rmSync(probe);
}

function explainHome(path: string, cause: Error): IronbarkError {
  const code = 'code' in cause ? String(cause.code) : '';
  const [what, hint] = REASONS[code] ?? [
    'cannot be used',
    'Choose another folder with --home or IRONBARK_HOME.',
  ];
  return new IronbarkError('storage', `The home folder ${path} ${what}: ${cause.message}`, hint, { cause });
}

const PERMISSIONS = 'Check its owner and permissions, or choose another folder with --home or IRONBARK_HOME.';
const NOT_A_FOLDER =
  'Remove or rename the file in its place, or choose another folder with --home or IRONBARK_HOME.';

const REASONS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EACCES: ['is not writable', PERMISSIONS],
  EPERM: ['is not writable', PERMISSIONS],
  EROFS: ['is on a read-only disk', PERMISSIONS],
  EEXIST: ['is not a folder', NOT_A_FOLDER],
  ENOTDIR: ['is not a folder', NOT_A_FOLDER],
  ENOSPC: ['has no disk space left', 'Free some space.'],
  EDQUOT: ['has no disk space left', 'Free some space.'],
};
