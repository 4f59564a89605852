import { type Memory, recalledOrigins } from '../../memory/index.ts';
import type { ToolOutput } from '../tool.ts';

/** Of what is shown of the current text, in characters. */
const MOST_SHOWN = 4_000;

/**
 * Where a document is at another version than an edit was made from: what it says now in the lines that changed, so that
 * the edit can be made again. Undefined where it is not.
 */
export async function changedSince(
  memory: Memory,
  path: string,
  version: number,
): Promise<ToolOutput | undefined> {
  const now = await memory.read(path);
  if (!now || now.version === version) return undefined;
  const before = await memory.read(path, version);
  const lines = differing(before?.content ?? '', now.content);
  const shown = lines.length > MOST_SHOWN ? `${lines.slice(0, MOST_SHOWN).toWellFormed()}…` : lines;
  return {
    ok: false,
    content: `Not saved: ${path} is at version ${now.version} by now. Since version ${version} these lines came in place of others:\n${shown || '[none, lines were removed]'}\nMake your change again from version ${now.version}.`,
    origins: recalledOrigins('document', path, now.origins),
  };
}

/** The lines of the later text between those that both texts begin and end with. */
function differing(before: string, after: string): string {
  const earlier = before.split('\n');
  const later = after.split('\n');
  const most = Math.min(earlier.length, later.length);
  let head = 0;
  while (head < most && earlier[head] === later[head]) head++;
  let tail = 0;
  while (tail < most - head && earlier.at(-1 - tail) === later.at(-1 - tail)) tail++;
  return later.slice(head, later.length - tail).join('\n');
}
