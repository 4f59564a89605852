import { readFileSync } from 'node:fs';
import type { Part, SaidTurn } from './part.ts';

/** Of one message of the user's, and of one answer. */
const SAID_CHARACTERS = 2_000;
const REPLIED_CHARACTERS = 800;

export interface EpisodeQuestion {
  readonly system: string;
  readonly message: string;
}

/**
 * Asks a model what is worth remembering of a conversation.
 *
 * @param characters that the model is shown of it at most; of a longer one the beginning and the end
 */
export function episodeQuestion({ turns }: Pick<Part, 'turns'>, characters: number): EpisodeQuestion {
  const told = turns.map((turn, at) => toldTurn(turn, at + 1));
  const text = withoutMiddle(told, characters).replaceAll(/<(?=\/?conversation)/gi, '‹');
  return {
    system: readFileSync(new URL('../prompts/episode.md', import.meta.url), 'utf8').trimEnd(),
    message: `<conversation date="${turns[0]?.at.slice(0, 10) ?? ''}">\n${text}\n</conversation>`,
  };
}

function toldTurn({ said, replied }: SaidTurn, number: number): string {
  const user = shortened(said.join('\n'), SAID_CHARACTERS);
  const assistant = replied === '' ? '' : `\nassistant: ${shortened(replied, REPLIED_CHARACTERS)}`;
  return `[${number}] user: ${user}${assistant}`;
}

export const shortened = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1).toWellFormed()}…`;

function withoutMiddle(told: readonly string[], characters: number): string {
  const whole = told.join('\n\n');
  if (whole.length <= characters) return whole;
  const half = Math.floor(characters / 2);
  return `${whole.slice(0, half).toWellFormed()}\n\n[…]\n\n${whole.slice(-half).toWellFormed()}`;
}
