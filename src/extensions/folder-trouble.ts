import { err } from '../core/result.ts';

/** Why a tool cannot be read from, or put into, the folder of tools. */
export interface FolderTrouble {
  readonly name: string;
  readonly rule:
    | 'name'
    | 'link'
    | 'not-a-file'
    | 'too-large'
    | 'unsettled'
    | 'unreadable'
    | 'unwritable'
    | 'orphan-manifest';
  /** What is wrong, and what to do. */
  readonly message: string;
}

export const refuseTool = (name: string, rule: FolderTrouble['rule'], message: string) =>
  err<FolderTrouble>({ name, rule, message });

export const BAD_NAME =
  'A tool is named by its file: up to 64 of a-z, 0-9, "_" and "-", the first a letter or digit, then ".wasm" in small letters. Rename the file.';

/** Undefined where the size is right. */
export function sizeObjection(
  name: string,
  what: string,
  bytes: number,
  most: number,
): FolderTrouble | undefined {
  if (bytes <= most) return undefined;
  return { name, rule: 'too-large', message: `${what} has ${bytes} bytes; ${most} are allowed.` };
}
