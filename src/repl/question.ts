import type { ApprovalDecision, Origin } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import { plainText } from './plain-text.ts';
import type { Style } from './style.ts';
import { displayWidth, fitted } from './width.ts';
import { wrapped } from './wrap.ts';

/** A question for the user, as the journal and the list of pending ones both have it. */
export interface Question {
  readonly approvalId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly reason: string;
  readonly allowAlways: boolean;
  readonly scope?: string;
  readonly origins?: readonly Origin[];
}

/** What an answer for longer than this once would cover, in words; undefined where there is none to give. */
export function coverage({ allowAlways, scope }: Question): string | undefined {
  return allowAlways ? scope : undefined;
}

/** Whether a question takes this answer. */
export function isOffered(decision: ApprovalDecision, question: Question): boolean {
  return decision === 'once' || decision === 'deny' || coverage(question) !== undefined;
}

/** Of text that goes into a file or another program. */
const COMMON_COLUMNS = 80;

/** Everything one must know to answer, then how to answer with a digit. */
export function questionCard(question: Question, style: Style, columns = COMMON_COLUMNS): string {
  return [questionText(question, style, columns), ...choices(question, style, columns)].join('\n');
}

/**
 * What is asked for. The influence comes first, and no row of what others wrote begins as one of ours does, so that
 * nothing in an argument can pass for a part of the question. Nothing is shortened unsaid.
 */
export function questionText(question: Question, style: Style, columns = COMMON_COLUMNS): string {
  const asked = coverage(question) === undefined ? style.dim(' (this is asked every time)') : '';
  return [
    style.warn(style.bold(`? May it run ${oneLine(question.tool)}?`)) + asked,
    ...influence(question, columns).map((row) => style.bad(style.bold(row))),
    ...argumentRows(question.arguments, columns),
    ...field(style.dim('why'), question.reason, columns),
  ].join('\n');
}

const MOST_ROWS = 200;
const MOST_NAME_COLUMNS = 40;
const MOST_PHRASE_CHARACTERS = 300;
const MOST_ORIGINS = 30;
const REST = '  … the rest is not shown here; the page in the browser shows all of it';
/** Of one value: what fills `MOST_ROWS` of a common terminal. Bounds the work, which grows with what is wrapped. */
const MOST_CHARACTERS = 16_000;

function choices(question: Question, style: Style, columns: number): readonly string[] {
  const covered = coverage(question);
  const instead = style.dim('[what to do instead]');
  if (covered === undefined) return [`  ${style.bold('1 once   3 deny')} ${instead}`];
  return [
    `  ${style.bold('1 once   2 for this conversation   3 deny')} ${instead}${style.bold('   4 always')}`,
    ...field(style.dim('2 and 4 cover'), covered, columns),
  ];
}

function influence({ origins = [] }: Question, columns: number): readonly string[] {
  if (origins.length === 0) return [];
  const named = origins.slice(0, MOST_ORIGINS).map(oneLine).join(', ');
  const more = origins.length - MOST_ORIGINS;
  const from = more > 0 ? `${named} and ${more} more` : named;
  return rowsOf(`Words from outside had a hand in this: ${from}`, columns).map((row) => `  ! ${row}`);
}

/** Each argument with its name, at most 200 rows. */
export function argumentRows(args: JsonObject, columns: number): readonly string[] {
  const rows: string[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (rows.length > MOST_ROWS) break;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    rows.push(...field(argumentName(name), text, columns));
  }
  return rows.length <= MOST_ROWS ? rows : [...rows.slice(0, MOST_ROWS), REST];
}

/** Models choose names too: one that is not a plain word is quoted, so that it reads as nothing else. */
function argumentName(name: string): string {
  const plain = fitted(oneLine(name), MOST_NAME_COLUMNS);
  return /^\w[\w.-]*$/.test(plain) ? plain : JSON.stringify(plain);
}

/** On the row of its name where it fits there, else below it, every row behind a bar. */
function field(name: string, value: string, columns: number): readonly string[] {
  const text = plainText(value.slice(0, MOST_CHARACTERS));
  const isWhole = value.length <= MOST_CHARACTERS;
  const row = `  ${name}: ${text}`;
  if (isWhole && !text.includes('\n') && displayWidth(row) <= columns) return [row];
  return [`  ${name}:`, ...barred(text, columns), ...(isWhole ? [] : [REST])];
}

/** What others wrote, every row behind a bar; at most 200 rows. */
export function valueRows(value: string, columns: number): readonly string[] {
  const rows = barred(plainText(value), columns);
  return rows.length <= MOST_ROWS ? rows : [...rows.slice(0, MOST_ROWS), '  … the rest is not shown here'];
}

const barred = (text: string, columns: number): readonly string[] =>
  rowsOf(text, columns).map((part) => `  │ ${part}`);

const INDENT_COLUMNS = 4;

function rowsOf(text: string, columns: number): readonly string[] {
  return wrapped(text, Math.max(1, columns - INDENT_COLUMNS));
}

function oneLine(text: string): string {
  const shown = plainText(text.slice(0, MOST_PHRASE_CHARACTERS)).replace(/\s+/g, ' ');
  return text.length > MOST_PHRASE_CHARACTERS ? `${shown}…` : shown;
}
