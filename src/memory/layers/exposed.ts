import type { Queryable } from '../../storage/index.ts';
import { type Layer, privatePlaceOf } from './layer.ts';
import { privateThings } from './private-things.ts';

interface Texts {
  readonly path: string;
  /** The new text as it came, before anything was taken out of it. */
  readonly given: string;
  /** What stood in the document before and goes on standing there. */
  readonly known: string;
  readonly after: string;
}

interface Desk {
  readonly database: Queryable;
  readonly layers: readonly Layer[];
}

/** What a change would newly show to others that looks private, in words; undefined where there is nothing. */
export async function exposedIn(
  desk: Desk,
  { path, given, known, after }: Texts,
): Promise<string | undefined> {
  const before = new Set(privateThings(known).map(({ text }) => text));
  const thing = [given, after].flatMap(privateThings).find(({ text }) => !before.has(text));
  if (thing) return `what looks like ${thing.what}`;
  const { copiedFrom } = await import('./copied-from.ts');
  const source = await copiedFrom(desk, { text: given, except: privatePlaceOf(desk.layers, path) });
  return source === undefined ? undefined : `words of ${source}, which is private`;
}
