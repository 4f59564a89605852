import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { orUndefinedIfMissing, stateOf } from './file-state.ts';

export const WASM = '.wasm';
export const MANIFEST = '.capabilities.json';

/** The files of a folder that could belong to a tool, by name, each with the print of its state. */
export type Survey = ReadonlyMap<string, string>;

/** One look at each file that matters; no folder is an empty one. Throws where the folder cannot be read. */
export async function surveyTools(path: string): Promise<Survey> {
  const names = (await orUndefinedIfMissing(() => readdir(path))) ?? [];
  const prints = new Map<string, string>();
  for (const file of names.filter(belongsToTool).sort()) {
    const state = await stateOf(join(path, file));
    if (state) prints.set(file, state.print);
  }
  return prints;
}

/** Drafts begin with a dot, and so do what editors and synchronisers leave behind. */
const belongsToTool = (file: string): boolean => !file.startsWith('.') && toolOf(file) !== undefined;

/** The tool that a file belongs to; other files may lie in the folder too. */
export function toolOf(file: string): string | undefined {
  const ending = [MANIFEST, WASM].find((end) => file.toLowerCase().endsWith(end));
  if (ending === undefined) return undefined;
  // An ending in capitals stays part of the name, which thereby is none: such a file is reported, not overlooked.
  return file.endsWith(ending) ? file.slice(0, -ending.length) : file;
}

export interface Candidate {
  readonly name: string;
  /** Whether there is a binary, and not only a manifest. */
  readonly hasBinary: boolean;
}

/** By name. */
export function candidatesIn(files: Survey): readonly Candidate[] {
  const names = new Set([...files.keys()].flatMap((file) => toolOf(file) ?? []));
  return [...names].sort().map((name) => ({ name, hasBinary: files.has(name + WASM) }));
}
