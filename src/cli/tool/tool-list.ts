import type { ShelfEntry } from '../../../sandbox/index.ts';
import { table } from '../../repl/index.ts';
import { glance, plain } from './show.ts';

const ABOUT_CHARACTERS = 80;

/** A tool of the folder, for a program. */
export function entryValue({ name, tool, items, trouble }: ShelfEntry) {
  return {
    name,
    component: tool?.artefact.componentHash ?? null,
    description: tool?.tool.description ?? null,
    asked: items.length,
    approved: approvedOf(items),
    trouble: trouble ?? null,
  };
}

/** The tools of the folder, a line each: whether it is in use, what of its requests is approved, what it is. */
export function listText(entries: readonly ShelfEntry[]): string {
  if (entries.length === 0)
    return 'No tools are installed. Install one with: ironbark tool install FILE.wasm';
  return table(entries.map((entry) => rowOf(entry).map(plain)));
}

function rowOf({ name, tool, items, trouble }: ShelfEntry): readonly string[] {
  if (trouble) return [name, 'not in use', `${glance(trouble.message, 1_000)} (${trouble.rule})`];
  const allowed =
    items.length === 0 ? 'asks for nothing' : `${approvedOf(items)} of ${items.length} approved`;
  return [name, allowed, glance(tool?.tool.description ?? '', ABOUT_CHARACTERS)];
}

const approvedOf = (items: ShelfEntry['items']): number => items.filter((item) => item.approved).length;
