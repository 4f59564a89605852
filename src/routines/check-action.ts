import { err, ok, type Result } from '../core/result.ts';
import type { RoutineAction } from '../core/routines.ts';

const LONGEST_PROMPT = 32_000;

/** An action within its limits; what is out of range is put within it. */
export function checkAction(action: RoutineAction): Result<RoutineAction, string> {
  const words = action.kind === 'lightweight' ? action.prompt : action.description;
  if (words.trim() === '') return err('It says nothing of what is to be done.');
  if (words.length > LONGEST_PROMPT) return err(`What is to be done may have ${LONGEST_PROMPT} characters.`);
  if (action.kind === 'full_job') return ok(action);
  return ok({
    ...action,
    contextPaths: action.contextPaths.slice(0, 20),
    maxTokens: within(action.maxTokens, 4_096, 256, 1_000_000),
    maxToolRounds: Math.min(20, Math.max(0, Math.round(action.maxToolRounds))),
  });
}

const within = (number: number, usual: number, least: number, most: number): number =>
  Number.isFinite(number) && number !== 0
    ? Math.min(most, Math.max(least, Math.round(number)))
    : Math.max(least, usual);
