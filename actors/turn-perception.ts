import type { TurnContext, TurnEvent } from '../machines/turn.ts';
import { announcesCall } from '../src/llm/index.ts';
import { repeatsOf } from './repeated-calls.ts';
import { withoutSecrets } from './secrecy.ts';
import { askedCall, type TurnScope } from './turn-scope.ts';

/** Completes what happened with what only the actor knows, before the machine sees it. */
export function perceived(event: TurnEvent, context: TurnContext, scope: TurnScope): TurnEvent {
  switch (event.type) {
    case 'turn.interrupted':
      // An interrupted turn keeps what was written.
      return { ...event, partialText: withoutSecrets(scope.env, scope.partialText) };
    case 'approval.decided':
      return asMuchAsMayLast(event, context);
    case 'model.completed':
      return event.toolCalls.length === 0 && announcesCall(event.text) && offersTools(context)
        ? { ...event, announced: true }
        : event;
    case 'model.failed':
      return event.error.budget ? { ...event, approvalId: scope.env.ids.next() } : event;
    case 'tool.completed':
      return withRepeats(event, [event], scope);
    case 'calls.judged':
      return withRepeats(
        event,
        event.verdicts.filter((verdict) => verdict.verdict === 'refuse'),
        scope,
      );
    default:
      return event;
  }
}

type Decided = Extract<TurnEvent, { type: 'approval.decided' }>;

/** What must be asked for each time is allowed once and no more. */
function asMuchAsMayLast(event: Decided, context: TurnContext): TurnEvent {
  if (event.decision === 'deny') return event;
  const asked = askedCall(context, event.approvalId);
  const lasts = asked?.allowAlways === true && asked.scope !== undefined;
  return lasts ? event : { ...event, decision: 'once' };
}

const offersTools = ({ concluding }: TurnContext): boolean => concluding === null;

type Ended = Extract<TurnEvent, { type: 'tool.completed' | 'calls.judged' }>;

function withRepeats(
  event: Ended,
  results: readonly { readonly callId: string; readonly content: string }[],
  scope: TurnScope,
): TurnEvent {
  const { entries } = scope.transcript;
  const repeats = Math.max(
    0,
    ...results.map(({ callId, content }) => repeatsOf(scope.call(callId), content, entries)),
  );
  return repeats > 1 ? { ...event, repeats } : event;
}
