import { readFileSync } from 'node:fs';
import type { Routine, RoutineRun } from '../core/routines.ts';

/** What a run is told beside the routine's own words. */
export const runInstructions = (
  { name }: Pick<Routine, 'name'>,
  { cause }: Pick<RoutineRun, 'cause'>,
): string =>
  prompt()
    .replaceAll('{{name}}', () => name)
    .replaceAll('{{cause}}', () => cause)
    .replaceAll('{{state}}', () => statePath(name));

let read: string | undefined;
const prompt = (): string => {
  read ??= readFileSync(new URL('prompts/run.md', import.meta.url), 'utf8').trimEnd();
  return read;
};

/** The document of memory in which a routine's runs leave notes for one another. */
export const statePath = (name: string): string => {
  const folder = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `routines/${folder || 'routine'}/state.md`;
};

/** How a run says that there is nothing to say. */
export const SENTINEL = 'ROUTINE_OK';

/** What a run's last words come to: with the sentinel and nothing much else, all is well; else the user is told. */
export function readReply(text: string): { readonly status: 'ok' | 'attention'; readonly summary: string } {
  const rest = text.replaceAll(SENTINEL, '').trim();
  const aside = rest.replace(/^[\s.*_`]+|[\s*_`]+$/g, '');
  if (aside === '') return { status: 'ok', summary: '' };
  if (text.includes(SENTINEL) && aside.length <= LONGEST_ASIDE) return { status: 'ok', summary: aside };
  return { status: 'attention', summary: rest };
}

/** Characters that may stand beside the sentinel and are not told. */
const LONGEST_ASIDE = 80;
