import { and, assign, not, type SnapshotFrom } from 'xstate';
import type { UserMessage } from '../src/core/journal.ts';
import { approvalRequest, isAsking, running, settled, waiting } from './tool-calls.ts';
import { turnParts } from './turn-parts.ts';
import { warningOf, withNotices } from './turn-progress.ts';
import type { TurnEvent } from './turn-protocol.ts';

export type {
  BudgetQuestion,
  Nudge,
  Reply,
  TurnContext,
  TurnEvent,
  TurnInput,
  TurnLimits,
  TurnRequests,
} from './turn-protocol.ts';

/**
 * One turn: from the user's message to the reply. The machine is pure; the actor that runs it commits each step
 * (the event, the requests that follow from it, the state reached) before any request is carried out.
 *
 * | state            | waits for            | and then                                                         |
 * |------------------|----------------------|------------------------------------------------------------------|
 * | routing          | the user's message   | a slash command is run, anything else goes to the model          |
 * | classifying      | the cheap model      | the message is understood; goes to the model                     |
 * | commanding       | the command's answer | replies with it                                                  |
 * | thinking         | the model            | tool calls are judged; text is the reply; a failure is told      |
 * | compacting       | a summary            | what came earlier is shown shorter; the model is asked again     |
 * | awaitingBudget   | the user             | a yes extends the budget and goes on; a no ends the turn         |
 * | judging          | the policy           | the next calls may run, are put to the user, or are refused      |
 * | acting           | the running tools    | the next calls are judged; after the last one the model goes on  |
 * | awaitingApproval | the user             | an approved call runs; a plain no ends the turn, a reason is told |
 * | replying         | nothing              | the reply is written in the very step that led here              |
 *
 * A tool can only be requested on entering `acting`, for calls that the policy allowed or the user approved, and
 * in no other way. A message that arrives on the way (`turn.steered`) is seen by the model at its next call, and
 * the turn does not answer before it was seen. A turn that comes to one of its limits, or makes no progress, asks the
 * model for its last word, and offers it no tools.
 */
export const turnMachine = turnParts
  .extend({
    actions: {
      requestAllowedTools: turnParts.enqueueActions(({ context, enqueue }) => {
        for (const call of context.calls) {
          if (call.state !== 'allowed') continue;
          const { state: _, ...params } = call;
          enqueue({ type: 'requestTool', params });
        }
        enqueue.assign({
          calls: context.calls.map((call) => (call.state === 'allowed' ? running(call) : call)),
        });
      }),
      tellRefusedCalls: turnParts.enqueueActions(({ context, enqueue }) => {
        for (const call of context.calls) {
          if (call.state !== 'refused') continue;
          enqueue({ type: 'refuseCall', params: { callId: call.callId, content: call.content } });
        }
        enqueue.assign({
          calls: context.calls.map((call) => (call.state === 'refused' ? settled(call) : call)),
        });
      }),
      askForApproval: turnParts.enqueueActions(({ context, enqueue }) => {
        const call = context.calls.find(isAsking);
        if (call) enqueue({ type: 'requestApproval', params: approvalRequest(call) });
      }),
      abandonOpenCalls: turnParts.enqueueActions(({ context, enqueue }) => {
        for (const call of context.calls) {
          if (call.state !== 'done') enqueue({ type: 'abandonCall', params: { callId: call.callId } });
        }
        if (context.budget) enqueue({ type: 'withdrawQuestion', params: {} });
      }),
      warn: turnParts.enqueueActions(({ context, enqueue }) => {
        const reason = warningOf(context);
        if (reason) enqueue({ type: 'nudge', params: { reason } });
      }),
      tellConclusion: turnParts.enqueueActions(({ context, enqueue }) => {
        if (context.concluding) enqueue({ type: 'nudge', params: { reason: context.concluding } });
      }),
      putBudgetQuestion: turnParts.enqueueActions(({ context, enqueue }) => {
        if (context.budget) enqueue({ type: 'askForBudget', params: context.budget });
      }),
    },
  })
  .createMachine({
    id: 'turn',
    initial: 'routing',
    context: ({ input }) => ({
      turnId: input.turnId,
      channel: input.channel,
      limits: input.limits,
      unattended: input.unattended ?? false,
      iteration: 0,
      unseen: 0,
      calls: [],
      usage: { inputTokens: 0, outputTokens: 0 },
      workedMs: 0,
      repeats: 0,
      nudged: { announced: 0, cutOff: 0 },
      concluding: null,
      compacted: false,
      budget: null,
      notices: [],
      reply: { text: '', finish: 'answered' },
    }),
    on: {
      'turn.steered': {
        actions: assign({ unseen: ({ context, event }) => context.unseen + event.messages.length }),
      },
      'turn.interrupted': {
        target: '.replying',
        actions: [
          'abandonOpenCalls',
          assign({ reply: ({ event }) => ({ text: event.partialText, finish: 'interrupted' }) }),
        ],
      },
      'turn.abandoned': {
        target: '.replying',
        actions: [
          'abandonOpenCalls',
          assign({ reply: ({ event }) => ({ text: event.reason, finish: 'failed' }) }),
        ],
      },
    },
    states: {
      routing: {
        description: 'The message has arrived.',
        on: {
          'turn.began': [
            { guard: 'isCommand', target: 'commanding' },
            { guard: 'isUnsure', target: 'classifying' },
            { target: 'thinking' },
          ],
        },
      },
      classifying: {
        description: 'A small model is asked what the message wants.',
        entry: {
          type: 'routeMessage',
          params: ({ event }) => ({ text: event.type === 'turn.began' ? textOf(event.messages) : '' }),
        },
        on: { 'turn.routed': 'thinking' },
      },
      commanding: {
        description: 'A slash command runs.',
        entry: {
          type: 'runCommand',
          params: ({ event }) => ({ text: event.type === 'turn.began' ? textOf(event.messages) : '' }),
        },
        on: {
          'command.completed': {
            target: 'replying',
            actions: assign({ reply: ({ event }) => ({ text: event.text, finish: 'answered' }) }),
          },
        },
      },
      thinking: {
        description: 'The model is asked what to do.',
        entry: [
          assign({ iteration: ({ context }) => context.iteration + 1, unseen: 0, calls: [] }),
          {
            type: 'requestModel',
            params: ({ context: { iteration, concluding } }) => ({
              iteration,
              tools: concluding === null ? ('all' as const) : ('none' as const),
            }),
          },
        ],
        on: {
          'model.completed': [
            {
              guard: 'isCutOff',
              target: 'thinking',
              reenter: true,
              actions: [
                'count',
                { type: 'countNudge', params: 'cutOff' },
                { type: 'nudge', params: { reason: 'cut-off' } },
              ],
            },
            {
              guard: and(['wantsTools', 'mayCallNoMore']),
              target: 'replying',
              actions: ['replyWithAnswer', 'count'],
            },
            {
              guard: 'wantsTools',
              target: 'judging',
              actions: ['count', assign({ calls: ({ event }) => event.toolCalls.map(waiting) })],
            },
            {
              guard: 'onlyAnnounces',
              target: 'thinking',
              reenter: true,
              actions: [
                'count',
                { type: 'countNudge', params: 'announced' },
                { type: 'nudge', params: { reason: 'announced' } },
              ],
            },
            { guard: 'hasUnseenMessages', target: 'thinking', reenter: true, actions: 'count' },
            { target: 'replying', actions: ['replyWithAnswer', 'count'] },
          ],
          'model.failed': [
            { guard: 'canBeCompacted', target: 'compacting' },
            { guard: 'canAskForBudget', target: 'awaitingBudget', actions: 'takeBudgetQuestion' },
            { target: 'replying', actions: 'replyWithFailure' },
          ],
        },
      },
      compacting: {
        description: 'What came earlier was too long and is summed up.',
        entry: [{ type: 'compactHistory', params: {} }, assign({ compacted: true })],
        on: {
          'history.compacted': 'thinking',
          'compaction.failed': 'thinking',
        },
      },
      awaitingBudget: {
        description: 'A budget is used up. You are asked whether to go on.',
        tags: 'person',
        entry: 'putBudgetQuestion',
        on: {
          'approval.decided': [
            {
              guard: 'deniesTheBudget',
              target: 'replying',
              actions: assign({
                budget: null,
                reply: () => ({ text: BUDGET_KEPT, finish: 'limited' as const }),
              }),
            },
            { guard: 'answersTheBudget', target: 'thinking', actions: assign({ budget: null }) },
          ],
        },
      },
      judging: {
        description: 'The policy decides what may run.',
        entry: {
          type: 'judgeCalls',
          params: ({ context }) => ({
            callIds: context.calls.filter((call) => call.state === 'waiting').map((call) => call.callId),
          }),
        },
        on: {
          'calls.judged': { target: 'proceeding', actions: ['applyVerdicts', 'countRepeats'] },
        },
      },
      proceeding: {
        description: 'Goes on as was decided.',
        entry: 'tellRefusedCalls',
        always: [
          { guard: 'hasAllowedCalls', target: 'acting' },
          { guard: 'hasAskingCalls', target: 'awaitingApproval' },
          { guard: 'hasWaitingCalls', target: 'judging' },
          { guard: 'mustConclude', target: 'thinking', actions: ['conclude', 'tellConclusion'] },
          { guard: 'needsWarning', target: 'thinking', actions: 'warn' },
          { target: 'thinking' },
        ],
      },
      acting: {
        description: 'Tools run.',
        entry: 'requestAllowedTools',
        on: {
          'tool.completed': {
            actions: [
              'settleCall',
              'countRepeats',
              assign({ workedMs: ({ context, event }) => context.workedMs + event.durationMs }),
            ],
          },
          'tool.unknown': { actions: 'settleCall' },
        },
        always: { guard: not('hasRunningCalls'), target: 'proceeding' },
      },
      awaitingApproval: {
        description: 'You are asked whether it may run.',
        tags: 'person',
        entry: 'askForApproval',
        on: {
          'approval.decided': [
            {
              guard: 'stopsAtTheQuestion',
              target: 'replying',
              actions: [
                'applyDecision',
                'tellRefusedCalls',
                'abandonOpenCalls',
                assign({ reply: () => ({ text: REJECTED, finish: 'answered' }) }),
              ],
            },
            { guard: 'answersTheQuestion', target: 'proceeding', actions: 'applyDecision' },
          ],
        },
      },
      replying: {
        description: 'The reply is written.',
        entry: {
          type: 'reply',
          params: ({ context: { reply, notices } }) => withNotices(reply, notices),
        },
        always: 'done',
      },
      done: { description: 'The reply is on its way to you.', type: 'final' },
    },
  });

/** Whether the event means something to a turn in this state. One that is done takes nothing any more. */
export function accepts(snapshot: SnapshotFrom<typeof turnMachine>, event: TurnEvent): boolean {
  return snapshot.status === 'active' && snapshot.can(event);
}

const BUDGET_KEPT = 'I stopped here, because the budget is used up and you did not want to extend it.';
const REJECTED = 'Rejected: I did not do that. Tell me what to do instead.';

function textOf(messages: readonly UserMessage[]): string {
  return messages.map((message) => message.text).join('\n');
}
