import { readFileSync } from 'node:fs';
import type { RepairSettings } from './settings.ts';
import type { ToolFailure } from './tool-failures.ts';

/** Of an error so much is told. */
const MOST_CHARACTERS = 500;

export const shortError = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…`;

type Broken = Pick<ToolFailure, 'tool' | 'count' | 'lastError' | 'attempts' | 'source'>;

/** What the user is told of a tool that has just become broken. */
export function brokenNotice(failure: Broken, settings: RepairSettings): string {
  const { tool, count, lastError } = failure;
  return `The tool ${tool} is broken: it failed ${count} times in a row, lastly with: ${lastError}\n${offer(failure, settings)}`;
}

function offer({ tool, attempts, source }: Broken, { maxAttempts }: RepairSettings): string {
  if (attempts >= maxAttempts) return leftAlone(tool, attempts);
  const again = attempts > 0 ? `It was repaired ${attempts} times and broke again. ` : '';
  return source === null
    ? `${again}Nobody noted where its source is. To have it repaired: /repair ${tool} PATH`
    : `${again}Its source is ${source}. To have it repaired and built anew: /repair ${tool}. You are asked before anything is installed.`;
}

export const leftAlone = (tool: string, attempts: number): string =>
  `Its repair was tried ${attempts} times without success, so it is left alone. Repair it by hand and install it anew, or remove it: ironbark tool remove ${tool}`;

/** What the model is told along with a failure of a tool that is broken. */
export function brokenNote({ tool, count }: Pick<ToolFailure, 'tool' | 'count'>): string {
  return `[The tool ${tool} is broken: it failed ${count} times in a row. Do not call it again before it was repaired; do without it, or tell the user. They were told that /repair ${tool} has it repaired.]`;
}

/** What a job is told that repairs a tool. */
export function repairOrder({ tool, count, lastError }: Broken, path: string): string {
  template ??= readFileSync(new URL('prompts/repair.md', import.meta.url), 'utf8').trimEnd();
  const values: Readonly<Record<string, string>> = {
    tool,
    path,
    count: String(count),
    error: shortError(lastError).replace(/<\/?error/gi, '(error'),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}

let template: string | undefined;
