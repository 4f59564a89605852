import { lstat } from 'node:fs/promises';

/** What tells one state of a file from another without reading it. */
export interface FileState {
  /** Inode, size, times: equal prints mean an unchanged file. */
  readonly print: string;
  readonly bytes: number;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedAt: number;
  readonly kind: 'file' | 'link' | 'other';
}

/** Undefined where there is no such file. Throws where it cannot be told. */
export async function stateOf(path: string): Promise<FileState | undefined> {
  return orUndefinedIfMissing(async () => describe(await bigStat(path)));
}

const bigStat = (path: string) => lstat(path, { bigint: true });

/** The time of change is part of it because `cp -p` sets back the time of modification. */
export function describe(stats: Awaited<ReturnType<typeof bigStat>>): FileState {
  return {
    print: [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':'),
    bytes: Number(stats.size),
    modifiedAt: Number(stats.mtimeMs),
    kind: stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other',
  };
}

/** What is read, or undefined where the file or folder does not exist. */
export async function orUndefinedIfMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}
