import { readFileSync } from 'node:fs';
import { localTime } from '../core/clock-times.ts';

/** What a beat is told: a small context of its own, and nothing of any conversation. */
export interface BeatContext {
  /** `HEARTBEAT.md`. */
  readonly list: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly timezone: string;
  /** In words, a line each. */
  readonly facts: readonly string[];
  /** What the user was told by beats of the last day, oldest first. */
  readonly told: readonly { readonly at: number; readonly text: string }[];
}

/** Of the list so many characters are read. */
const MOST_CHARACTERS = 8_000;

export function beatQuestion({ list, now, timezone, facts, told }: BeatContext): {
  readonly system: string;
  readonly message: string;
} {
  instructions ??= readFileSync(new URL('prompts/heartbeat.md', import.meta.url), 'utf8').trimEnd();
  const before = told.map(({ at, text }) => `- ${localTime(at, timezone)}: ${text}`);
  const message = [
    `<list>\n${withoutComments(list).slice(0, MOST_CHARACTERS).toWellFormed()}\n</list>`,
    `It is ${localTime(now, timezone)} (${timezone}).`,
    ...(facts.length > 0 ? [`Facts:\n${facts.map((fact) => `- ${fact}`).join('\n')}`] : []),
    ...(before.length > 0 ? [`They were told before:\n${before.join('\n')}`] : []),
  ];
  return { system: instructions, message: message.join('\n\n') };
}

let instructions: string | undefined;

const withoutComments = (text: string): string => text.replace(/<!--[\s\S]*?(?:-->|$)/g, '').trim();

/** What the user is to be told; undefined: nothing. */
export function attentionIn(answer: string): string | undefined {
  const text = answer.trim();
  return text === '' || text.includes('HEARTBEAT_OK') ? undefined : text;
}
