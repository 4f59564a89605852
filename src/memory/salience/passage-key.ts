import { createHash } from 'node:crypto';
import { fold, wordsIn } from '../../routing/index.ts';

/**
 * What tells a line of a document from its others: its words, without letter case, accents, signs and markup. Lines
 * with one key say the same. 16 hexadecimal digits; undefined where it has no words.
 */
export function passageKey(line: string): string | undefined {
  const words = wordsIn(fold(line));
  if (words.length === 0) return undefined;
  return createHash('sha256').update(words.join(' ')).digest('hex').slice(0, KEY_CHARACTERS);
}

/** 64 bits: among a million lines two different ones share a key with a probability of 3 in 100 million. */
const KEY_CHARACTERS = 16;
