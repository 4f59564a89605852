import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { err, ok, type Result } from '../core/result.ts';
import { describe, type FileState } from './file-state.ts';

export interface SteadyFile {
  readonly bytes: Uint8Array;
  /** SHA-256 in lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A hash step between two turns of the event loop: 1 MiB takes some 1-2 ms. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads a regular file that is in the state expected, and still was when the last byte was read. Never follows a
 * link, and never waits for a pipe that was put in the file's place. Throws where the disk fails.
 */
export async function readSteady(path: string, expected: FileState): Promise<Result<SteadyFile, 'changed'>> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  await using file = await open(path, flags);
  if (!(await isStill(file, expected))) return err('changed');
  const bytes = Buffer.alloc(expected.bytes);
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, from, Math.min(CHUNK_BYTES, bytes.length - from), from);
    if (bytesRead === 0) return err('changed');
    hash.update(bytes.subarray(from, from + bytesRead));
    from += bytesRead;
  }
  return (await isStill(file, expected)) ? ok({ bytes, sha256: hash.digest('hex') }) : err('changed');
}

async function isStill(file: FileHandle, { print }: FileState): Promise<boolean> {
  const now = describe(await file.stat({ bigint: true }));
  return now.kind === 'file' && now.print === print;
}
