import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { JobFile } from '../../src/core/work.ts';
import type { FileScope } from '../../src/tools/index.ts';
import type { Job } from '../../src/work/index.ts';

const MOST_FILES = 1_000;
const LONGEST_FILE_BYTES = 1024 * 1024;

/** What lies in a folder of the job's; undefined where there is no such folder, or it leads out of the job's own. */
export async function listFiles(
  scope: FileScope,
  job: Job,
  path: string,
): Promise<readonly JobFile[] | undefined> {
  const folder = await placeOf(scope, job, path);
  if (folder === undefined) return undefined;
  const names = await readdir(folder).catch(() => undefined);
  const files = names
    ?.toSorted()
    .slice(0, MOST_FILES)
    .map((name) => fileAt(folder, path, name));
  return files && (await Promise.all(files)).filter((file) => file !== undefined);
}

async function fileAt(folder: string, path: string, name: string): Promise<JobFile | undefined> {
  const stats = await lstat(join(folder, name)).catch(() => undefined);
  if (!stats || !(stats.isFile() || stats.isDirectory())) return undefined;
  return {
    name,
    path: join(path, name),
    isDirectory: stats.isDirectory(),
    bytes: stats.isFile() ? stats.size : 0,
  };
}

type Content =
  | { readonly ok: true; readonly content: string }
  | { readonly ok: false; readonly message: string };

export async function readJobFile(scope: FileScope, job: Job, path: string): Promise<Content> {
  const place = await placeOf(scope, job, path);
  if (place === undefined)
    return { ok: false, message: `There is no file ${path} in the folder of this job.` };
  try {
    return await contentOf(place, path);
  } catch {
    return { ok: false, message: `${path} cannot be read.` };
  }
}

/** A link that took the file's place meanwhile is not followed, and a pipe without a writer does not block. */
async function contentOf(place: string, path: string): Promise<Content> {
  const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { ok: false, message: `${path} is not an ordinary file.` };
    if (stats.size > LONGEST_FILE_BYTES)
      return {
        ok: false,
        message: `${path} has ${stats.size} bytes; up to ${LONGEST_FILE_BYTES} are shown.`,
      };
    return { ok: true, content: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}

/** The real place of something that exists in the job's folder, links followed; undefined where it is elsewhere. */
async function placeOf(scope: FileScope, { projectDir }: Job, path: string): Promise<string | undefined> {
  const own = join(scope.root, projectDir);
  const [root, place] = await Promise.all([existing(own), existing(join(own, path))]);
  if (root === undefined || place === undefined || !isWithin(root, place)) return undefined;
  const allowed = await scope.resolve(place);
  return allowed.ok ? allowed.value : undefined;
}

const existing = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
