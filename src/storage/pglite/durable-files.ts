import { closeSync, fsyncSync, openSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** Makes what was written to an open file safe from power loss. */
export type Fsync = (fd: number) => void;

/** Emscripten's number for "input/output error"; PostgreSQL answers it with a panic, as it must. */
const EIO = 29;

/**
 * PGlite's file system with a real `fsync`. PGlite itself has none: PostgreSQL's calls come to nothing there, and
 * commits that were acknowledged are lost with the power. It is added to Emscripten's private NODEFS object, whose
 * shape is therefore checked, before the database starts and its recovery needs it.
 */
export class DurableFiles extends NodeFS {
  readonly #fsync: Fsync;

  constructor(folder: string, fsync: Fsync = fsyncSync) {
    super(folder);
    this.#fsync = fsync;
  }

  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const addFsync = (module: object): void => installFsync(module, this.#fsync);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } };
  }
}

interface NodeFiles {
  readonly realPath: (node: unknown) => string;
  readonly stream_ops: { fsync?: (stream: OpenStream) => number };
}

interface OpenStream {
  readonly node: unknown;
  /** The real file descriptor; folders have none. */
  readonly nfd?: number | null;
}

function installFsync(module: object, fsync: Fsync): void {
  const files = 'NODEFS' in module ? module.NODEFS : undefined;
  if (!isNodeFiles(files)) throw new Error('this version of PGlite keeps its files differently');
  files.stream_ops.fsync = (stream) => {
    try {
      syncStream(files, stream, fsync);
      return 0;
    } catch {
      return EIO;
    }
  };
}

function syncStream(files: NodeFiles, { node, nfd }: OpenStream, fsync: Fsync): void {
  if (typeof nfd === 'number') fsync(nfd);
  else syncFolder(files.realPath(node), fsync);
}

/** A file's name is safe only when its folder is. Windows cannot open folders and needs none of it. */
export function syncFolder(path: string, fsync: Fsync = fsyncSync): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsync(fd);
  } finally {
    closeSync(fd);
  }
}

function isNodeFiles(value: unknown): value is NodeFiles {
  return (
    value instanceof Object &&
    'realPath' in value &&
    typeof value.realPath === 'function' &&
    'stream_ops' in value &&
    value.stream_ops instanceof Object &&
    'write' in value.stream_ops
  );
}
