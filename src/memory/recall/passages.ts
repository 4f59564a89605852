import type { RecalledPassage } from '../../core/journal.ts';
import { tokenBound } from './token-bound.ts';

/** Of all passages together, in tokens by `tokenBound`: about 2,500 characters of English, 700 of Japanese. */
const MOST_TOKENS = 800;
/** What stands around a passage where it is shown. */
const FRAME_TOKENS = 20;
/** A shorter beginning of a passage says too little. */
const FEWEST_TOKENS = 40;

/** The passages, the later ones shortened or left out so that all together keep to 800 tokens. */
export function clipped(passages: readonly RecalledPassage[]): readonly RecalledPassage[] {
  let left = MOST_TOKENS;
  return passages.flatMap(({ path, text }) => {
    const room = left - FRAME_TOKENS - tokenBound(path);
    if (room < FEWEST_TOKENS) return [];
    const shown = beginning(text.trim(), room);
    left = room - tokenBound(shown);
    return [{ path, text: shown }];
  });
}

/** So much of a text as has at most so many tokens, up to the end of a word. */
function beginning(text: string, room: number): string {
  if (tokenBound(text) <= room) return text;
  let cut = text;
  while (tokenBound(cut) > room - 1) cut = cut.slice(0, Math.floor(cut.length * 0.9)).toWellFormed();
  const space = cut.search(/\s\S*$/);
  return `${space > cut.length / 2 ? cut.slice(0, space).trimEnd() : cut}…`;
}
