import { assign, not, type SnapshotFrom, setup } from 'xstate';
import type {
  AgentOrder,
  ApprovalDecision,
  Finish,
  ModelFailure,
  Origin,
  Route,
  ToolCall,
  ToolOutcome,
  Usage,
  UserMessage,
} from '../src/core/journal.ts';
import {
  type ApprovalRequest,
  approvalRequest,
  askedAgain,
  type Call,
  type EffectClass,
  isAsking,
  running,
  settled,
  UNKNOWN_OUTCOME,
  type Verdict,
  waiting,
  withCall,
  withDecision,
  withVerdicts,
} from './tool-calls.ts';

const requests = setup({
  types: {
    context: {} as TurnContext,
    events: {} as TurnEvent,
    input: {} as TurnInput,
  },
  actions: {
    // Requests, carried out by the actor.
    runCommand: (_, _params: TurnRequests['runCommand']) => {},
    requestModel: (_, _params: TurnRequests['requestModel']) => {},
    judgeCalls: (_, _params: TurnRequests['judgeCalls']) => {},
    requestTool: (_, _params: TurnRequests['requestTool']) => {},
    requestApproval: (_, _params: TurnRequests['requestApproval']) => {},
    refuseCall: (_, _params: TurnRequests['refuseCall']) => {},
    abandonCall: (_, _params: TurnRequests['abandonCall']) => {},
    reply: (_, _params: TurnRequests['reply']) => {},
    // The machine's own bookkeeping.
    countUsage: assign({
      usage: ({ context, event }) =>
        event.type === 'model.completed' ? addUsage(context.usage, event.usage) : context.usage,
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
        if (event.type === 'tool.unknown') return withCall(context.calls, event.callId, askedAgain(event));
        return context.calls;
      },
    }),
  },
  guards: {
    isCommand: ({ event }) => event.type === 'turn.began' && event.route === 'command',
    wantsTools: ({ event }) => event.type === 'model.completed' && event.toolCalls.length > 0,
    isOutOfIterations: ({ context, event }) =>
      event.type === 'model.completed' &&
      event.toolCalls.length > 0 &&
      context.iteration >= context.maxIterations,
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

/**
 * One turn: from the user's message to the reply. The machine is pure; the actor that runs it commits each step
 * (the event, the requests that follow from it, the state reached) before any request is carried out.
 *
 * | state            | waits for            | and then                                                         |
 * |------------------|----------------------|------------------------------------------------------------------|
 * | routing          | the user's message   | a slash command is run, anything else goes to the model          |
 * | commanding       | the command's answer | replies with it                                                  |
 * | thinking         | the model            | tool calls are judged; text is the reply; a failure is told      |
 * | judging          | the policy           | the next calls may run, are put to the user, or are refused      |
 * | acting           | the running tools    | the next calls are judged; after the last one the model goes on  |
 * | awaitingApproval | the user             | an approved call runs; a plain no ends the turn, a reason is told |
 * | replying         | nothing              | the reply is written in the very step that led here              |
 *
 * A tool can only be requested on entering `acting`, for calls that the policy allowed or the user approved, and
 * in no other way. A message that arrives on the way (`turn.steered`) is seen by the model at its next call, and
 * the turn does not answer before it was seen.
 */
export const turnMachine = requests
  .extend({
    actions: {
      requestAllowedTools: requests.enqueueActions(({ context, enqueue }) => {
        for (const call of context.calls) {
          if (call.state !== 'allowed') continue;
          const { state: _, ...params } = call;
          enqueue({ type: 'requestTool', params });
        }
        enqueue.assign({
          calls: context.calls.map((call) => (call.state === 'allowed' ? running(call) : call)),
        });
      }),
      tellRefusedCalls: requests.enqueueActions(({ context, enqueue }) => {
        for (const call of context.calls) {
          if (call.state !== 'refused') continue;
          enqueue({ type: 'refuseCall', params: { callId: call.callId, content: call.content } });
        }
        enqueue.assign({
          calls: context.calls.map((call) => (call.state === 'refused' ? settled(call) : call)),
        });
      }),
      askForApproval: requests.enqueueActions(({ context, enqueue }) => {
        const call = context.calls.find(isAsking);
        if (call) enqueue({ type: 'requestApproval', params: approvalRequest(call) });
      }),
      abandonOpenCalls: requests.enqueueActions(({ context, enqueue }) => {
        for (const call of context.calls) {
          if (call.state !== 'done') enqueue({ type: 'abandonCall', params: { callId: call.callId } });
        }
      }),
    },
  })
  .createMachine({
    id: 'turn',
    initial: 'routing',
    context: ({ input }) => ({
      turnId: input.turnId,
      channel: input.channel,
      maxIterations: input.maxIterations,
      iteration: 0,
      unseen: 0,
      calls: [],
      usage: { inputTokens: 0, outputTokens: 0 },
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
        on: {
          'turn.began': [{ guard: 'isCommand', target: 'commanding' }, { target: 'thinking' }],
        },
      },
      commanding: {
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
        entry: [
          assign({ iteration: ({ context }) => context.iteration + 1, unseen: 0, calls: [] }),
          { type: 'requestModel', params: ({ context }) => ({ iteration: context.iteration }) },
        ],
        on: {
          'model.completed': [
            {
              guard: 'isOutOfIterations',
              target: 'replying',
              actions: [
                'countUsage',
                assign({ reply: ({ context, event }) => limitReply(context.maxIterations, event.text) }),
              ],
            },
            {
              guard: 'wantsTools',
              target: 'judging',
              actions: ['countUsage', assign({ calls: ({ event }) => event.toolCalls.map(waiting) })],
            },
            { guard: 'hasUnseenMessages', target: 'thinking', reenter: true, actions: 'countUsage' },
            {
              target: 'replying',
              actions: [
                'countUsage',
                assign({ reply: ({ event }) => ({ text: event.text, finish: 'answered' }) }),
              ],
            },
          ],
          'model.failed': {
            target: 'replying',
            actions: assign({ reply: ({ event }) => ({ text: event.error.message, finish: 'failed' }) }),
          },
        },
      },
      judging: {
        entry: {
          type: 'judgeCalls',
          params: ({ context }) => ({
            callIds: context.calls.filter((call) => call.state === 'waiting').map((call) => call.callId),
          }),
        },
        on: {
          'calls.judged': { target: 'proceeding', actions: 'applyVerdicts' },
        },
      },
      proceeding: {
        entry: 'tellRefusedCalls',
        always: [
          { guard: 'hasAllowedCalls', target: 'acting' },
          { guard: 'hasAskingCalls', target: 'awaitingApproval' },
          { guard: 'hasWaitingCalls', target: 'judging' },
          { target: 'thinking' },
        ],
      },
      acting: {
        entry: 'requestAllowedTools',
        on: {
          'tool.completed': { actions: 'settleCall' },
          'tool.unknown': { actions: 'settleCall' },
        },
        always: { guard: not('hasRunningCalls'), target: 'proceeding' },
      },
      awaitingApproval: {
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
        entry: { type: 'reply', params: ({ context }) => context.reply },
        always: 'done',
      },
      done: { type: 'final' },
    },
  });

/** Whether the event means something to a turn in this state. One that is done takes nothing any more. */
export function accepts(snapshot: SnapshotFrom<typeof turnMachine>, event: TurnEvent): boolean {
  return snapshot.status === 'active' && snapshot.can(event);
}

/** What the machine asks of its actor, and with what. */
export interface TurnRequests {
  readonly runCommand: { readonly text: string };
  readonly requestModel: { readonly iteration: number };
  readonly judgeCalls: { readonly callIds: readonly string[] };
  /** `fingerprint`: of what the user was shown, where they were asked. */
  readonly requestTool: {
    readonly callId: string;
    readonly effect: EffectClass;
    readonly fingerprint?: string;
  };
  readonly requestApproval: ApprovalRequest;
  readonly refuseCall: { readonly callId: string; readonly content: string };
  readonly abandonCall: { readonly callId: string };
  readonly reply: Reply;
}

/** Small on purpose: it is written with every step. Texts and arguments are in the journal. */
export interface TurnContext {
  readonly turnId: string;
  /** Where the reply goes. */
  readonly channel: string;
  readonly maxIterations: number;
  /** Model calls begun. */
  readonly iteration: number;
  /** Messages that arrived since the model last looked. */
  readonly unseen: number;
  /** The calls of the model's latest answer, in its order. */
  readonly calls: readonly Call[];
  readonly usage: Usage;
  readonly reply: Reply;
}

export interface TurnInput {
  readonly turnId: string;
  readonly channel: string;
  readonly maxIterations: number;
}

export type TurnEvent =
  | {
      readonly type: 'turn.began';
      readonly messages: readonly UserMessage[];
      readonly route: Route;
      readonly unattended?: true;
      readonly planning?: true;
      readonly agent?: AgentOrder;
    }
  | { readonly type: 'turn.routed'; readonly effectId: string; readonly route: Route }
  | {
      readonly type: 'history.compacted';
      readonly effectId: string;
      readonly compactionId: string;
      readonly turnIds: readonly string[];
      readonly summary: string;
      readonly tokensBefore: number;
      readonly tokensAfter: number;
      readonly origins?: readonly Origin[];
    }
  /** Nothing could be summed up: there is too little, or the model failed. */
  | { readonly type: 'compaction.failed'; readonly effectId: string; readonly reason: string }
  | { readonly type: 'turn.steered'; readonly messages: readonly UserMessage[] }
  /** `inboxId`: the input that asked for it, where that is all it asked for. */
  | { readonly type: 'turn.interrupted'; readonly inboxId: string | null; readonly partialText: string }
  /** Given up after it crashed again and again on the same step. */
  | { readonly type: 'turn.abandoned'; readonly reason: string }
  | {
      readonly type: 'command.completed';
      readonly effectId: string;
      readonly command: string;
      readonly text: string;
    }
  | {
      readonly type: 'model.completed';
      readonly effectId: string;
      readonly model: string;
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      readonly usage: Usage;
      readonly costMicroUsd?: number;
      readonly cut?: true;
      readonly notices?: readonly string[];
      readonly origins?: readonly Origin[];
    }
  | { readonly type: 'model.failed'; readonly effectId: string; readonly error: ModelFailure }
  | { readonly type: 'calls.judged'; readonly effectId: string; readonly verdicts: readonly Verdict[] }
  | {
      readonly type: 'tool.completed';
      readonly effectId: string;
      readonly callId: string;
      readonly outcome: ToolOutcome;
      readonly content: string;
      readonly durationMs: number;
      readonly origins?: readonly Origin[];
      readonly warnings?: readonly string[];
    }
  /** It was running when the process or its actor died, and must not simply be repeated. */
  | {
      readonly type: 'tool.unknown';
      readonly effectId: string;
      readonly callId: string;
      readonly approvalId: string;
    }
  | {
      readonly type: 'approval.decided';
      readonly inboxId: string;
      readonly approvalId: string;
      readonly decision: ApprovalDecision;
      readonly reason: string | null;
    };

export interface Reply {
  readonly text: string;
  readonly finish: Finish;
}

const REJECTED = 'Rejected: I did not do that. Tell me what to do instead.';

type Decision = Extract<TurnEvent, { type: 'approval.decided' }>;

function answersTheQuestion({ calls }: TurnContext, event: TurnEvent): event is Decision {
  return event.type === 'approval.decided' && calls.find(isAsking)?.approvalId === event.approvalId;
}

function addUsage(a: Usage, b: Usage): Usage {
  return { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };
}

function limitReply(maxIterations: number, text: string): Reply {
  const notice = `I stopped after ${maxIterations} steps without finishing. Say "go on" and I will continue.`;
  return { text: text === '' ? notice : `${text}\n\n${notice}`, finish: 'limited' };
}

function textOf(messages: readonly UserMessage[]): string {
  return messages.map((message) => message.text).join('\n');
}
