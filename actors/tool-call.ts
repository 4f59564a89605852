import { fromPromise } from 'xstate';
import type { TurnEvent } from '../machines/turn.ts';
import type { AuditRecord } from '../src/core/audit.ts';
import type { MadeCall } from '../src/llm/index.ts';
import { fingerprintOf } from '../src/policy/index.ts';
import { suspicionsIn, unitedOrigins } from '../src/safety/index.ts';
import {
  type EarlierCall,
  type EarlierResult,
  isConsequential,
  type Tool,
  type ToolOutput,
} from '../src/tools/index.ts';
import { callLine } from './call-audit.ts';
import type { Environment } from './environment.ts';
import { hookedOutput } from './hooks.ts';
import { withoutSecrets } from './secrecy.ts';
import type { TurnFact } from './turn-fact.ts';
import { influenced, type TurnSoFar } from './turn-so-far.ts';
import { healthOf } from './upkeep/tool-health.ts';

export interface ToolCallInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly effectId: string;
  readonly made: MadeCall;
  /** Of the call that the user said yes to, where they were asked. */
  readonly fingerprint: string | undefined;
  readonly turn: TurnSoFar;
  readonly earlierResult: (callId: string) => EarlierResult | undefined;
  /** Those that it knows, latest first. */
  readonly earlierResults?: () => readonly EarlierCall[];
}

/** Calls of other tools that one call of the model may lead to, at any depth. */
const MAX_TOOL_INVOKES = 20;

/** One call of a tool that may run. Stopping it aborts the call. */
export const toolCall = fromPromise<TurnFact, ToolCallInput>(({ input, signal }) =>
  carriedOut(input, signal),
);

/** Makes the call, and says what came of it. */
export async function carriedOut(given: ToolCallInput, signal: AbortSignal): Promise<CallFact> {
  const input = { ...given, made: influenced(given.made, given.turn) };
  const { env, effectId, made } = input;
  const startedAt = env.clock.now();
  const { conversationId } = input;
  // As it is now: while it is called, it may be replaced by one that has nothing to do with what comes of this.
  const tool = env.tools.get(made.call.tool);
  const output = await hookedOutput(env, { conversationId, tool: made.call.tool }, await run(input, signal));
  const health = await healthOf(env, tool, output, conversationId);
  const origins = unitedOrigins(output.origins);
  const warnings = origins.length > 0 ? suspicionsIn(output.content) : [];
  return {
    event: {
      type: 'tool.completed',
      effectId,
      callId: made.call.callId,
      outcome: output.ok ? 'succeeded' : 'failed',
      content: health.note === undefined ? output.content : `${output.content}\n${health.note}`,
      durationMs: env.clock.now() - startedAt,
      ...(origins.length > 0 && { origins }),
      ...(warnings.length > 0 && { warnings }),
    },
    writes: [
      ...(output.writes ?? []),
      ...env.audit.statements(linesOf(input, tool, output)),
      ...health.writes,
    ],
  };
}

interface CallFact extends TurnFact {
  readonly event: Extract<TurnEvent, { type: 'tool.completed' }>;
}

async function run(input: ToolCallInput, signal: AbortSignal): Promise<ToolOutput> {
  const { env, conversationId, effectId, earlierResult, earlierResults, made, turn } = input;
  const { call, origins } = made;
  if (!isWhatWasShown(input)) return { ok: false, content: CHANGED };
  return env.tools.invoke(call.tool, call.arguments, {
    effectId,
    conversationId,
    turnId: turn.turnId,
    planning: turn.planning,
    ...(turn.agent && { agent: turn.agent }),
    timezone: env.settings.timezone,
    signal,
    callers: [],
    invokesLeft: { count: MAX_TOOL_INVOKES },
    origins,
    earlierResult,
    ...(earlierResults && { earlierResults }),
  });
}

/** Tools from outside can be replaced while a question about them is open. */
function isWhatWasShown({ env, made: { call }, fingerprint }: ToolCallInput): boolean {
  const tool = env.tools.get(call.tool);
  return fingerprint === undefined || !tool || fingerprintOf(tool, call.arguments) === fingerprint;
}

const CHANGED =
  'This was not run: the tool changed after the user allowed it. Make the call again, so that they are asked about the tool as it is now.';

/** What goes on record: what the tool says itself, and in any case that something consequential was done. */
function linesOf(
  { env, conversationId, effectId, made }: ToolCallInput,
  tool: Tool | undefined,
  output: ToolOutput,
) {
  const { audit: told = [] } = output;
  if (!tool) return told;
  const line = callLine({ tool, made, conversationId, effectId });
  const completed = told.map((record): AuditRecord => ({ ...line, ...record }));
  const isTold = told.some(({ kind }) => kind.startsWith('tool.'));
  if (isTold || !isConsequential(tool, made.call.arguments)) return completed;
  const did = tool.summary?.(made.call.arguments) ?? 'It returned a result.';
  const end: AuditRecord = output.ok
    ? { ...line, kind: 'tool.returned', message: withoutSecrets(env, did) }
    : { ...line, kind: 'tool.failed', message: output.content };
  return [...completed, end];
}
