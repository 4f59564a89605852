import { findInjections, isAtLeast } from '../../safety/index.ts';
import { importanceOf } from '../salience/importance.ts';
import type { Episode } from './read-episodes.ts';

/** What a digest keeps of one episode: a paragraph of one line. */
const MOST_CHARACTERS = 240;
const MOST_TITLE_CHARACTERS = 80;
const MOST_SENTENCES = 2;

/** Without a model: its title and the sentences that matter most, in their order. */
export function extractedEntry({ content, day }: Episode): string {
  const title = titleOf(content);
  const sentences = sentencesOf(content);
  const best = new Set(
    sentences
      .map((sentence, at) => ({ at, importance: importanceOf(sentence) }))
      .sort((a, b) => b.importance - a.importance || a.at - b.at)
      .slice(0, MOST_SENTENCES)
      .map(({ at }) => at),
  );
  return entry(day, title, sentences.filter((_, at) => best.has(at)).join(' '));
}

/** With what a model wrote of it; undefined where that cannot be used: empty, or reads like an order. */
export function writtenEntry({ content, day }: Episode, text: string): string | undefined {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '' || findInjections(line).some((finding) => isAtLeast(finding, 'high'))) return undefined;
  return entry(day, titleOf(content), line);
}

function entry(day: string, title: string, text: string): string {
  const head = `- ${day} ${title}`;
  return shortened(text === '' ? head : `${head}: ${text}`);
}

function shortened(line: string): string {
  if (line.length <= MOST_CHARACTERS) return line;
  const cut = line.slice(0, MOST_CHARACTERS - 1).toWellFormed();
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MOST_CHARACTERS / 2))}…`;
}

function titleOf(content: string): string {
  const title = /^#\s+(.+)$/m.exec(content)?.[1] ?? content.trim().split('\n')[0] ?? '';
  return title.replace(/\s+/g, ' ').trim().slice(0, MOST_TITLE_CHARACTERS).toWellFormed();
}

/** Of its prose and lists, without headings. */
function sentencesOf(content: string): readonly string[] {
  const lines = content.split('\n').filter((line) => !/^\s*(#|---|$)/.test(line));
  return lines.flatMap((line) =>
    line
      .replace(/^\s*[-*]\s+/, '')
      .split(/(?<=[.!?。！？])\s+/u)
      .map((sentence) => sentence.replace(/[*_]{2}/g, '').trim())
      .filter((sentence) => sentence !== ''),
  );
}

/** Entries of a digest; more are not told apart by anybody. */
export const MOST_ENTRIES = 60;

/**
 * The entries of a digest that stay where there are too many: those that matter most, in their order. At most 60 of 240
 * characters each: 15 KB a month.
 */
export function strongest(entries: readonly string[], most: number): readonly string[] {
  const ranked = entries.map((text, at) => ({ at, importance: importanceOf(text) }));
  const stay = ranked.sort((a, b) => b.importance - a.importance || b.at - a.at).slice(0, most);
  const kept = new Set(stay.map(({ at }) => at));
  return entries.filter((_, at) => kept.has(at));
}
