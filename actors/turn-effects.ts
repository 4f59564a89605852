import type { TurnRequests } from '../machines/turn.ts';
import type { JournalEntry, RecordOf } from '../src/core/journal.ts';
import { findResult, knownResults } from '../src/llm/index.ts';
import { useStatements } from '../src/memory/index.ts';
import type { EffectActor } from '../src/runtime/durable/index.ts';
import { unitedOrigins } from '../src/safety/index.ts';
import { type EarlierResult, offeredTools } from '../src/tools/index.ts';
import { command } from './commands/index.ts';
import { type CompactionInput, compaction } from './compaction.ts';
import { type ModelCallInput, modelCall, type TurnRequest } from './model-call.ts';
import { modelRequest } from './model-request.ts';
import { policyCheck } from './policy-check.ts';
import { recalled } from './recall.ts';
import { type RoutingInput, routing } from './routing.ts';
import { toolCall } from './tool-call.ts';
import { turnNotes } from './turn-notes.ts';
import type { TurnScope } from './turn-scope.ts';
import { turnSoFar } from './turn-so-far.ts';

interface TurnEffect {
  readonly id: string;
  readonly scope: TurnScope;
}

/** What every actor that carries out an effect of a turn is given. */
const base = ({ id, scope: { env, conversationId } }: TurnEffect) => ({ env, conversationId, effectId: id });

export function startCommand({ text }: TurnRequests['runCommand'], effect: TurnEffect): EffectActor {
  const { entries } = effect.scope.transcript;
  return { actorId: 'command', logic: command, input: { ...base(effect), text, entries } };
}

export function startPolicyCheck({ callIds }: TurnRequests['judgeCalls'], effect: TurnEffect): EffectActor {
  const { scope } = effect;
  const calls = callIds.map((callId) => scope.madeCall(callId));
  const turn = turnSoFar(scope.transcript.entries);
  return { actorId: 'policy-check', logic: policyCheck, input: { ...base(effect), calls, turn } };
}

export function startTool(
  { callId, fingerprint }: TurnRequests['requestTool'],
  effect: TurnEffect,
): EffectActor {
  const { entries } = effect.scope.transcript;
  const made = effect.scope.madeCall(callId);
  const earlierResult = (earlier: string): EarlierResult | undefined => {
    const found = findResult(entries, earlier);
    return found && { content: found.content, origins: found.origins ?? [] };
  };
  return {
    actorId: `tool-call:${made.call.tool}`,
    logic: toolCall,
    input: {
      ...base(effect),
      made,
      fingerprint,
      earlierResult,
      earlierResults: () => knownResults(entries),
      turn: turnSoFar(entries),
    },
  };
}

export function startModel({ tools }: TurnRequests['requestModel'], effect: TurnEffect): EffectActor {
  const { scope } = effect;
  scope.partialText = '';
  const onText = (text: string): void => {
    scope.partialText += text;
  };
  const request = async (): Promise<TurnRequest> => {
    const made = await (takePrepared(effect) ?? turnRequest(scope, tools, scope.transcript.entries));
    scope.origins = made.origins;
    return made;
  };
  const onRestart = (): void => {
    scope.partialText = '';
  };
  const { turnId, agent } = turnSoFar(scope.transcript.entries);
  const payer = { conversationId: scope.conversationId, turnId, ...(agent && { agent }) };
  const input: ModelCallInput = { ...base(effect), payer, request, onText, onRestart };
  return { actorId: 'model-call', logic: modelCall, input };
}

/** The request is made while the commit is under way, which takes longer: three times as long for a short talk. */
export function prepareModel(
  { tools }: TurnRequests['requestModel'],
  { id, scope }: TurnEffect,
  coming: readonly JournalEntry[],
): void {
  const { env, transcript, prepared } = scope;
  const request = async (): Promise<TurnRequest> => {
    await Promise.all([env.toolsReady, env.models.ready()]);
    return turnRequest(scope, tools, [...transcript.entries, ...coming]);
  };
  const made = request();
  // Where the step does not commit, nobody asks for it.
  made.catch(() => {});
  prepared.clear();
  prepared.set(id, made);
}

/** Once: a call that is made anew, because its actor died, makes its own. */
function takePrepared({ id, scope: { prepared } }: TurnEffect): Promise<TurnRequest> | undefined {
  const request = prepared.get(id);
  prepared.delete(id);
  return request;
}

/** What memory says to the message is told with the first call, and read from the journal after that. */
async function turnRequest(
  scope: TurnScope,
  tools: 'all' | 'none',
  entries: readonly JournalEntry[],
): Promise<TurnRequest> {
  const { env } = scope;
  const { turnId, agent } = turnSoFar(entries);
  const memory = await recalled(env, { entries, turnId });
  const notes = turnNotes(entries);
  const offer = { registry: env.tools, entries, ...(agent && { only: agent.tools }) };
  const request = await modelRequest(scope, {
    entries,
    tools: tools === 'none' ? [] : offeredTools(offer),
    pending: memory ? [memory] : [],
    notes: notes.texts,
  });
  const origins = unitedOrigins(request.origins, notes.origins);
  return { ...request, origins, ...(memory && { records: [memory], writes: usesOf(memory, env) }) };
}

/** What was put before the model counts as used, so that it stays. */
const usesOf = ({ passages }: RecordOf<'memory.recalled'>, { clock }: TurnScope['env']) =>
  useStatements(passages, clock.now());

export function startRouting({ text }: TurnRequests['routeMessage'], effect: TurnEffect): EffectActor {
  const { turnId } = turnSoFar(effect.scope.transcript.entries);
  const input: RoutingInput = { ...base(effect), turnId, text };
  return { actorId: 'routing', logic: routing, input };
}

export function startCompaction(_: TurnRequests['compactHistory'], effect: TurnEffect): EffectActor {
  const { entries } = effect.scope.transcript;
  const { turnId, agent } = turnSoFar(entries);
  const input: CompactionInput = { ...base(effect), entries, turnId, ...(agent && { agent }) };
  return { actorId: 'compaction', logic: compaction, input };
}
