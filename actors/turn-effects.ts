import type { TurnRequests } from '../machines/turn.ts';
import { findResult, renderSystemPrompt, renderTranscript } from '../src/llm/index.ts';
import type { EffectActor } from '../src/runtime/durable/index.ts';
import { command } from './command.ts';
import { type ModelCallInput, modelCall } from './model-call.ts';
import { policyCheck } from './policy-check.ts';
import { toolCall } from './tool-call.ts';
import type { TurnScope } from './turn-scope.ts';

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
  const calls = callIds.map((callId) => effect.scope.call(callId));
  return { actorId: 'policy-check', logic: policyCheck, input: { ...base(effect), calls } };
}

export function startTool({ callId }: TurnRequests['requestTool'], effect: TurnEffect): EffectActor {
  const { entries } = effect.scope.transcript;
  const call = effect.scope.call(callId);
  const earlierResult = (earlier: string): string | undefined => findResult(entries, earlier);
  return {
    actorId: `tool-call:${call.tool}`,
    logic: toolCall,
    input: { ...base(effect), call, earlierResult },
  };
}

export function startModel(_: TurnRequests['requestModel'], effect: TurnEffect): EffectActor {
  const { scope } = effect;
  scope.partialText = '';
  const onText = (text: string): void => {
    scope.partialText += text;
  };
  const input: ModelCallInput = { ...base(effect), request: () => modelRequest(scope), onText };
  return { actorId: 'model-call', logic: modelCall, input };
}

/** What the model is shown of the past, in characters; about 100,000 tokens. */
const MAX_TRANSCRIPT_CHARACTERS = 400_000;

function modelRequest({ env, transcript }: TurnScope): ReturnType<ModelCallInput['request']> {
  const { tools, settings, clock } = env;
  return {
    system: renderSystemPrompt({ now: clock.now(), timezone: settings.timezone }),
    messages: renderTranscript(transcript.entries, MAX_TRANSCRIPT_CHARACTERS),
    tools: tools.descriptions(),
  };
}
