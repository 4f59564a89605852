import type { JournalEntry, ToolOutcome } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import { duration } from './duration.ts';
import { plainText } from './plain-text.ts';
import type { Style } from './style.ts';
import { fitted } from './width.ts';

type Completed = Extract<JournalEntry, { type: 'tool.completed' }>;
type Refused = Extract<JournalEntry, { type: 'tool.refused' }>;

/** A question for the user, as the journal and the list of pending ones both have it. */
export interface Question {
  readonly approvalId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly reason: string;
  readonly allowAlways: boolean;
}

const MOST_ARGUMENT_LINES = 200;

const MARKS: { readonly [outcome in ToolOutcome]: string } = {
  succeeded: '✓',
  failed: '✗',
  unknown: '?',
  abandoned: '–',
};

/** One line: how it went, which tool, how long, with what; for a failure the first line of what went wrong. */
export function toolCard(entry: Completed, intent: string, style: Style, columns: number): string {
  const paint = entry.outcome === 'succeeded' ? style.good : style.bad;
  const outcome = entry.outcome === 'succeeded' ? '' : ` ${entry.outcome}`;
  const head = `${plainText(entry.tool)}${outcome}  ${duration(entry.durationMs)}`;
  const detail = entry.outcome === 'succeeded' ? intent : firstLine(entry.content);
  return cardLine(paint(MARKS[entry.outcome]), head, detail, style, columns);
}

export function refusalCard(entry: Refused, style: Style, columns: number): string {
  return cardLine(
    style.bad('✗'),
    `${plainText(entry.tool)} refused`,
    firstLine(entry.content),
    style,
    columns,
  );
}

/** A call's arguments on one line: `path=notes.md line=3`. */
export function intentOf(args: JsonObject): string {
  return Object.entries(args)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .map((part) => plainText(part).replace(/\s+/g, ' '))
    .join(' ');
}

/** Everything one must know to answer, then how to answer. Nothing of the arguments is shortened unsaid. */
export function questionCard(question: Question, style: Style): string {
  const choices = question.allowAlways ? '1 once   2 always   3 deny' : '1 once   3 deny';
  const asked = question.allowAlways ? '' : style.dim(' (this is asked every time)');
  return [
    style.warn(style.bold(`? May it run ${plainText(question.tool)}?`)) + asked,
    ...argumentLines(question.arguments).map((line) => `  ${line}`),
    `  ${style.dim('why:')} ${plainText(question.reason)}`,
    `  ${style.bold(choices)} ${style.dim('[what to do instead]')}`,
  ].join('\n');
}

function argumentLines(args: JsonObject): readonly string[] {
  const lines = Object.entries(args).flatMap(([name, value]) => argumentText(name, value).split('\n'));
  const missing = lines.length - MOST_ARGUMENT_LINES;
  if (missing <= 0) return lines;
  return [...lines.slice(0, MOST_ARGUMENT_LINES), `… ${missing} more lines are not shown`];
}

function argumentText(name: string, value: JsonObject[string]): string {
  const text = plainText(typeof value === 'string' ? value : JSON.stringify(value));
  const separator = text.includes('\n') ? '\n' : ' ';
  return `${plainText(name)}:${separator}${text}`;
}

function cardLine(mark: string, head: string, detail: string, style: Style, columns: number): string {
  const room = Math.max(0, columns - head.length - 6);
  return `  ${mark} ${head}  ${style.dim(fitted(detail, room))}`;
}

function firstLine(text: string): string {
  return plainText(text).trim().split('\n', 1)[0] ?? '';
}
