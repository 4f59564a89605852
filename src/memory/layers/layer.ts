import { isPromptFile } from '../paths.ts';

/** A part of memory: a folder, who may see what is in it, and whether the assistant may write there. */
export interface Layer {
  readonly name: string;
  /** Where it lies; `''`: everywhere else, the primary layer. */
  readonly folder: string;
  readonly writable: boolean;
  /** `shared`: others than the user may see it. */
  readonly sensitivity: 'private' | 'shared';
}

/** What is in no other layer, where the user set up none for it. */
const PRIMARY: Layer = { name: 'private', folder: '', writable: true, sensitivity: 'private' };

/** The layers with the primary one among them, the innermost first. */
export function withPrimary(layers: readonly Layer[]): readonly Layer[] {
  const isTaken = layers.some(({ name }) => name.toLowerCase() === PRIMARY.name);
  const primary = isTaken ? { ...PRIMARY, name: 'primary' } : PRIMARY;
  const all = layers.some(({ folder }) => folder === '') ? layers : [...layers, primary];
  return all.toSorted((a, b) => b.folder.length - a.folder.length);
}

/** @param layers as `withPrimary` makes them */
export function layerOf(layers: readonly Layer[], path: string): Layer {
  const small = path.toLowerCase();
  return layers.find(({ folder }) => isWithin(small, folder.toLowerCase())) ?? PRIMARY;
}

const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

/** Where a document goes instead that holds what is private; undefined where nothing private can be written. */
export function privatePlaceOf(layers: readonly Layer[], path: string): string | undefined {
  const home = layers.findLast(({ sensitivity, writable }) => sensitivity === 'private' && writable);
  if (!home) return undefined;
  const place = `${home.folder === '' ? 'private' : home.folder}/${path}`;
  // A layer that is shared may lie within one that is not.
  return layerOf(layers, place).sensitivity === 'private' ? place : undefined;
}

/** A document of a name that steers the assistant, where it does not: in a folder of a layer other than the primary. */
export function isStrayIdentity({ folder }: Layer, path: string): boolean {
  return folder !== '' && isPromptFile(path.slice(folder.length + 1));
}
