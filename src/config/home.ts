import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from './environment-layer.ts';

/** The folder that holds everything of one assistant: as asked for, else `IRONBARK_HOME`, else `~/.ironbark`. */
export function homeFolder(env: Environment, asked?: string): string {
  return resolve(withoutTilde(asked || env.IRONBARK_HOME || join(homedir(), '.ironbark')));
}

/** `~` at the start of a path means the user's own folder, also where no shell has replaced it. */
export function withoutTilde(path: string): string {
  return path.replace(/^~(?=$|\/)/, homedir());
}
