import { err, ok, type Result } from '../../core/result.ts';
import type { EarlierResult, ToolContext } from '../tool.ts';

/** So many of those that there are, are named. */
const NAMED = 10;

/** The full result of an earlier call; or, for the model, that there is none and which ones there are. */
export function findEarlierResult(callId: string, context: ToolContext): Result<EarlierResult, string> {
  const result = context.earlierResult(callId);
  if (result !== undefined) return ok(result);
  const known = context.earlierResults?.() ?? [];
  const named = known
    .slice(0, NAMED)
    .map((each) => `${each.callId} (${each.tool}, ${each.characters} characters)`);
  const there = named.length === 0 ? '' : ` There are, latest first: ${named.join(', ')}.`;
  return err(`No result of a call "${callId}" is known in this conversation.${there}`);
}
