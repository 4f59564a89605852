import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { containerErrorOf } from '../docker/docker-failure.ts';
import { openDocker } from '../docker/open-docker.ts';
import { collectImage } from './collect.ts';
import type { ImageEntry } from './entry.ts';
import { REPOSITORY, SANDBOX_IMAGE } from './image-name.ts';
import { tarOf } from './tar.ts';

export interface BuiltImage {
  /** Named for what is in it. */
  readonly tag: string;
  /** False: the daemon had exactly this already. */
  readonly isNew: boolean;
  readonly files: number;
  /** Of the files, as they lie in it. */
  readonly bytes: number;
}

export type BuildOutcome =
  | { readonly ok: true; readonly image: BuiltImage }
  /** Programs that this machine would have to have. */
  | { readonly ok: false; readonly missing: readonly string[] };

/**
 * Makes the image from this machine's own programs, without any registry, and names it `ironbark-sandbox:v1`. Does
 * nothing where the daemon has one made of the same. Takes some seconds, and as much disk as the files.
 *
 * Rejects with `ContainerError` where there is no daemon or it refuses.
 */
export async function buildImage(
  socketPath: string,
  nodeBinary: string = process.execPath,
): Promise<BuildOutcome> {
  const { entries, missing } = await collectImage(nodeBinary);
  if (missing.length > 0) return { ok: false, missing };
  const tag = `${REPOSITORY}:${hashOf(entries)}`;
  const bytes = entries.reduce((sum, entry) => sum + (entry.kind === 'copy' ? entry.bytes : 0), 0);
  try {
    const isNew = await importUnlessThere(socketPath, tag, entries);
    return { ok: true, image: { tag, isNew, files: entries.length, bytes } };
  } catch (thrown) {
    throw containerErrorOf(thrown, socketPath);
  }
}

async function importUnlessThere(
  socketPath: string,
  tag: string,
  entries: readonly ImageEntry[],
): Promise<boolean> {
  const docker = await openDocker(socketPath);
  const isThere = await docker
    .getImage(tag)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  const [repo, version] = tag.split(':');
  if (!isThere) {
    const progress = await docker.importImage(Readable.from(tarOf(entries), { objectMode: false }), {
      repo,
      tag: version,
      changes: 'CMD ["bash"]',
    });
    await finished(progress);
  }
  await docker.getImage(tag).tag({ repo: REPOSITORY, tag: SANDBOX_IMAGE.slice(REPOSITORY.length + 1) });
  return !isThere;
}

/** The daemon reports failures in the stream of its progress, under the status of success. */
async function finished(progress: NodeJS.ReadableStream): Promise<void> {
  let told = '';
  for await (const piece of progress) told += String(piece);
  const failure = /"error"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(told)?.[1];
  if (failure !== undefined) throw new Error(`The image could not be made: ${failure}`);
}

/** Of a file its size and time are enough: on one machine they change with it. */
function hashOf(entries: readonly ImageEntry[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) {
    const modified = entry.kind === 'copy' ? statSync(entry.source).mtimeMs : 0;
    hash.update(`${JSON.stringify(entry)}${modified}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}
