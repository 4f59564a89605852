import { fold, wordsIn } from '../../routing/index.ts';
import { relationOf } from './single-valued.ts';

/** From here on a passage counts as important: it is never removed by itself. */
export const IMPORTANT = 0.7;

/** Of what says nothing in particular. */
const BASE = 0.2;
const NAME = 0.15;
const NUMBER = 0.1;
const DATE = 0.15;
const DECISION = 0.2;
/** Short of important, however much of that comes together: importance is a matter of words that say so. */
const MOST_WITHOUT_WORDS = 0.65;
/** What somebody called important, or what there is one of about somebody (where they live). */
const SAID_TO_BE = 0.9;
const LASTING = 0.75;

/**
 * How much a passage matters by its words alone, from 0 to 1. Beginning with `!` or with **words in bold**, it was
 * marked by whoever wrote it. Linear.
 */
export function importanceOf(text: string): number {
  const words = wordsIn(fold(text));
  if (isMarked(text) || words.some((word) => EMPHASIS.test(word))) return SAID_TO_BE;
  if (relationOf(text) !== undefined) return LASTING;
  const sum =
    BASE +
    (hasName(text) ? NAME : 0) +
    (/\d/.test(text) ? NUMBER : 0) +
    (DATES.test(text) ? DATE : 0) +
    (words.some((word) => DECISIONS.test(word)) ? DECISION : 0);
  return Math.min(MOST_WITHOUT_WORDS, sum);
}

const isMarked = (text: string): boolean => /^\s*(?:[-*]\s+)?!\s*\S/.test(text) || /\*\*[^*\s]/.test(text);

/** A capital letter inside a sentence. In German every noun has one: there it tells less, and errs towards keeping. */
const hasName = (text: string): boolean => /[\p{L}\p{N},;:]\s+\p{Lu}\p{L}/u.test(text);

const DATES =
  /\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}\b|\b\d{1,2}\.? (?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}\b|\d月|\d日/iu;

/** Beginnings of folded words, in the languages that `topicOf` knows best. */
const DECISIONS =
  /^(?:decid|decision|agreed|agreement|chose|chosen|settled|beschlo|entschied|entscheid|vereinbart|decide|accord|convenu|acord|deciso|besloten|afgesproken)/;
const EMPHASIS =
  /^(?:important|importante|wichtig|critical|crucial|urgent|dringend|essential|emergency|notfall|urgence|emergencia|allerg|medication|medikament|birthday|geburtstag|anniversaire|cumpleanos|compleanno|aniversario|verjaardag|重要|必须|大切)/;
