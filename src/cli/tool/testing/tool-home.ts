import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { CommandLine } from '../../testing/command-line.ts';

/** A home folder for the tests of a file, and a folder beside it for what they write. What was built stays between them. */
export interface ToolHome {
  /** A fresh command line on it. */
  cli(env?: Record<string, string>): CommandLine;
  /** Writes a file into the folder beside and gives its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** A tool and its capabilities file beside it; gives the tool's path. */
  tool(name: string, bytes: Uint8Array, manifest?: object): Promise<string>;
  readonly toolsDir: string;
  readonly folder: string;
}

export function useToolHome(): ToolHome {
  const at = { home: '', folder: '' };
  beforeAll(async () => {
    at.home = await mkdtemp(join(tmpdir(), 'ironbark-tool-home-'));
  });
  beforeEach(async () => {
    if (at.folder !== '') await rm(at.folder, { recursive: true, force: true });
    at.folder = await mkdtemp(join(tmpdir(), 'ironbark-tool-files-'));
    for (const name of await readdir(at.home)) {
      if (name !== 'cache') await rm(join(at.home, name), { recursive: true, force: true });
    }
  });
  afterAll(async () => {
    await rm(at.home, { recursive: true, force: true });
    await rm(at.folder, { recursive: true, force: true });
  });
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(at.folder, name);
    await writeFile(path, content);
    return path;
  };
  return {
    cli: (env) => new CommandLine(at.home, env),
    file,
    async tool(name, bytes, manifest) {
      if (manifest) await file(`${name}.capabilities.json`, JSON.stringify(manifest));
      return file(`${name}.wasm`, bytes);
    },
    get toolsDir() {
      return join(at.home, 'tools');
    },
    get folder() {
      return at.folder;
    },
  };
}
