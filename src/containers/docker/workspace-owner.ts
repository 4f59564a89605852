import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ContainerError } from '../container-error.ts';
import { CONTAINER_UID } from './posture.ts';

const run = promisify(execFile);

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who the processes of a container are. Root hands folders over to nobody's account; anybody else could not do that,
 * and so they are themselves, with no more rights than they have anyway.
 */
export function containerAccount(): Account {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return uid === 0 ? { uid: CONTAINER_UID, gid: CONTAINER_UID } : { uid, gid };
}

/** A folder that is shared for writing, without what is hidden in it (relative paths). */
export interface SharedFolder {
  readonly folder: string;
  readonly hidden: readonly string[];
}

/**
 * Has a folder and everything in it belong to that account, where we are root; only what does not yet is touched. The
 * folder may be changed meanwhile by somebody hostile: `-execdir` holds on to the folder that a name was found in, and
 * `-h` does not follow a link, so nothing outside is ever reached. 10,000 files take about 30 ms.
 *
 * Rejects with `ContainerError` for a folder that is a home, or holds one: programs insist that their files there
 * belong to who they work for.
 */
export async function handOver({ folder, hidden }: SharedFolder, { uid, gid }: Account): Promise<void> {
  if (process.getuid?.() !== 0) return;
  if (`${homedir()}/`.startsWith(`${folder}/`)) throw new ContainerError('refused', homeMessage(folder));
  const options = { env: { PATH: '/usr/bin:/bin' }, cwd: '/' };
  const except = hidden.flatMap((path) => ['-path', literal(join(folder, path)), '-prune', '-o']);
  const foreign = ['!', '-uid', String(uid)];
  const change = ['-execdir', 'chown', '-h', `${uid}:${gid}`, '--', '{}', '+'];
  await run('find', ['-P', folder, '-xdev', ...except, ...foreign, ...change], options).catch(
    (error: Error) => {
      if (!isRace(error))
        throw new ContainerError(
          'refused',
          `${folder} cannot be handed over to the container: ${error.message}`,
        );
    },
  );
}

/** Something vanished while it was looked at: then it is nobody's. */
function isRace(error: Error): boolean {
  const told = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return told !== '' && told.split('\n').every((line) => line.endsWith('No such file or directory'));
}

const homeMessage = (folder: string): string =>
  `${folder} is a home folder, and everything in it would have to belong to the container's account. Choose another folder (files.root), or run Ironbark as another user than root.`;

/** `find` reads patterns. */
const literal = (path: string): string => path.replace(/[*?[\]\\]/g, '\\$&');
