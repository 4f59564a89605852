import { assign, setup } from 'xstate';
import {
  askedAgain,
  isAsking,
  leftUnknown,
  settled,
  UNKNOWN_OUTCOME,
  withCall,
  withDecision,
  withVerdicts,
} from './tool-calls.ts';
import {
  conclusionOf,
  counted,
  failedReply,
  isCutOff,
  onlyAnnounces,
  replyOf,
  warningOf,
} from './turn-progress.ts';
import type { TurnContext, TurnEvent, TurnInput, TurnRequests } from './turn-protocol.ts';

/** What the turn's statechart is put together from: what it asks for, what it keeps, and what it looks at. */
export const turnParts = setup({
  types: {
    context: {} as TurnContext,
    events: {} as TurnEvent,
    input: {} as TurnInput,
  },
  actions: {
    // Requests, carried out by the actor.
    runCommand: (_, _params: TurnRequests['runCommand']) => {},
    routeMessage: (_, _params: TurnRequests['routeMessage']) => {},
    requestModel: (_, _params: TurnRequests['requestModel']) => {},
    compactHistory: (_, _params: TurnRequests['compactHistory']) => {},
    nudge: (_, _params: TurnRequests['nudge']) => {},
    judgeCalls: (_, _params: TurnRequests['judgeCalls']) => {},
    requestTool: (_, _params: TurnRequests['requestTool']) => {},
    requestApproval: (_, _params: TurnRequests['requestApproval']) => {},
    askForBudget: (_, _params: TurnRequests['askForBudget']) => {},
    withdrawQuestion: (_, _params: TurnRequests['withdrawQuestion']) => {},
    refuseCall: (_, _params: TurnRequests['refuseCall']) => {},
    abandonCall: (_, _params: TurnRequests['abandonCall']) => {},
    reply: (_, _params: TurnRequests['reply']) => {},
    // The machine's own bookkeeping.
    count: assign(({ context, event }) => (event.type === 'model.completed' ? counted(context, event) : {})),
    countRepeats: assign({
      repeats: ({ context, event }) =>
        'repeats' in event ? Math.max(context.repeats, event.repeats ?? 0) : context.repeats,
    }),
    countNudge: assign({
      nudged: ({ context: { nudged } }, which: keyof TurnContext['nudged']) => ({
        ...nudged,
        [which]: nudged[which] + 1,
      }),
    }),
    conclude: assign({ concluding: ({ context }) => conclusionOf(context) }),
    takeBudgetQuestion: assign({
      budget: ({ event }) =>
        event.type === 'model.failed' && event.error.budget && event.approvalId !== undefined
          ? { approvalId: event.approvalId, stop: event.error.budget }
          : null,
    }),
    replyWithFailure: assign({
      reply: ({ context, event }) =>
        event.type === 'model.failed' ? failedReply(event.error) : context.reply,
    }),
    replyWithAnswer: assign({
      reply: ({ context, event }) =>
        event.type === 'model.completed' ? replyOf(context, event) : context.reply,
    }),
    applyVerdicts: assign({
      calls: ({ context, event }) =>
        event.type === 'calls.judged' ? withVerdicts(context.calls, event.verdicts) : context.calls,
    }),
    applyDecision: assign({
      calls: ({ context, event }) =>
        event.type === 'approval.decided' ? withDecision(context.calls, event) : context.calls,
    }),
    settleCall: assign({
      calls: ({ context, event }) => {
        if (event.type === 'tool.completed') return withCall(context.calls, event.callId, settled);
        if (event.type === 'tool.unknown')
          return withCall(context.calls, event.callId, context.unattended ? leftUnknown : askedAgain(event));
        return context.calls;
      },
    }),
  },
  guards: {
    isCommand: ({ event }) => event.type === 'turn.began' && event.route === 'command',
    wantsTools: ({ event }) => event.type === 'model.completed' && event.toolCalls.length > 0,
    isUnsure: ({ event }) => event.type === 'turn.began' && event.unsure === true,
    isCutOff: ({ context, event }) => event.type === 'model.completed' && isCutOff(context, event),
    onlyAnnounces: ({ context, event }) => event.type === 'model.completed' && onlyAnnounces(context, event),
    mayCallNoMore: ({ context }) =>
      context.concluding !== null || context.iteration >= context.limits.iterations,
    mustConclude: ({ context }) => conclusionOf(context) !== null,
    needsWarning: ({ context }) => warningOf(context) !== null,
    canBeCompacted: ({ context, event }) =>
      event.type === 'model.failed' && event.error.kind === 'context-too-long' && !context.compacted,
    canAskForBudget: ({ context, event }) =>
      event.type === 'model.failed' &&
      event.error.budget !== undefined &&
      event.approvalId !== undefined &&
      !context.unattended,
    answersTheBudget: ({ context, event }) =>
      event.type === 'approval.decided' && context.budget?.approvalId === event.approvalId,
    deniesTheBudget: ({ context, event }) =>
      event.type === 'approval.decided' &&
      context.budget?.approvalId === event.approvalId &&
      event.decision === 'deny',
    hasUnseenMessages: ({ context }) => context.unseen > 0,
    hasAllowedCalls: ({ context }) => context.calls.some((call) => call.state === 'allowed'),
    hasAskingCalls: ({ context }) => context.calls.some(isAsking),
    hasWaitingCalls: ({ context }) => context.calls.some((call) => call.state === 'waiting'),
    hasRunningCalls: ({ context }) => context.calls.some((call) => call.state === 'running'),
    answersTheQuestion: ({ context, event }) => answersTheQuestion(context, event),
    /** A plain no ends the turn. One with a reason is for the model to act upon, and so is a doubtful outcome. */
    stopsAtTheQuestion: ({ context, event }) =>
      answersTheQuestion(context, event) &&
      event.decision === 'deny' &&
      event.reason === null &&
      context.calls.find(isAsking)?.reason !== UNKNOWN_OUTCOME,
  },
});

type Decision = Extract<TurnEvent, { type: 'approval.decided' }>;

function answersTheQuestion({ calls }: TurnContext, event: TurnEvent): event is Decision {
  return event.type === 'approval.decided' && calls.find(isAsking)?.approvalId === event.approvalId;
}
