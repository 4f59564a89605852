import { type TurnEvent, type TurnInput, type TurnLimits, turnMachine } from '../machines/turn.ts';
import type { AgentOrder } from '../src/core/journal.ts';
import { durable, durableMachine, type Trouble } from '../src/runtime/durable/index.ts';
import type { OpenedJournal } from '../src/storage/journal/index.ts';
import { rowsOfBudgetQuestion, rowsOfWithdrawal } from './budget-question.ts';
import type { Environment } from './environment.ts';
import { staleAnswer } from './stale-answer.ts';
import type { Transcript } from './transcript.ts';
import {
  prepareModel,
  startCommand,
  startCompaction,
  startModel,
  startPolicyCheck,
  startRouting,
  startTool,
} from './turn-effects.ts';
import type { TurnFact } from './turn-fact.ts';
import { perceived } from './turn-perception.ts';
import {
  rowsOfAbandoned,
  rowsOfApproval,
  rowsOfEvent,
  rowsOfNudge,
  rowsOfRefusal,
  rowsOfReply,
} from './turn-rows.ts';
import { type TurnRows, TurnScope, type TurnTypes } from './turn-scope.ts';
import { isUnattended } from './turn-so-far.ts';
import { TURN_VERSION, turnMigrations } from './turn-versions.ts';

/** The turn's statechart bound to the journal and to the world: what each of its requests writes and begins. */
const durableTurn = durableMachine<typeof turnMachine, TurnTypes>({
  machine: turnMachine,
  version: TURN_VERSION,
  migrations: turnMigrations,
  requests: {
    runCommand: { class: 'pure', start: startCommand },
    routeMessage: { class: 'pure', start: startRouting },
    compactHistory: { class: 'pure', start: startCompaction },
    judgeCalls: { class: 'pure', start: startPolicyCheck },
    nudge: { rows: rowsOfNudge },
    askForBudget: { rows: rowsOfBudgetQuestion },
    withdrawQuestion: { rows: rowsOfWithdrawal },
    requestModel: {
      class: 'pure',
      start: startModel,
      prepare: prepareModel,
      rows: (params, { context: { turnId } }, effectId) => ({
        records: [{ type: 'model.requested', turnId, effectId, ...params }],
      }),
    },
    requestTool: {
      class: ({ effect }) => effect,
      start: startTool,
      unknown: ({ callId }, { id, scope }) => {
        return { type: 'tool.unknown', effectId: id, callId, approvalId: scope.env.ids.next() };
      },
      rows: ({ callId }, { context: { turnId }, scope }, effectId) => ({
        records: [{ type: 'tool.requested', turnId, effectId, ...scope.call(callId) }],
      }),
    },
    requestApproval: { rows: rowsOfApproval },
    refuseCall: { rows: rowsOfRefusal },
    abandonCall: { rows: rowsOfAbandoned },
    reply: { rows: rowsOfReply },
  },
  rowsOf: rowsOfEvent,
  inputsOf,
  perceive: (event, { context, scope }) => perceived(event, context, scope),
  refused: refusedInput,
  parked: (crashes) => ({
    type: 'turn.abandoned',
    reason: `I had to give this up: I crashed ${crashes} times on the same step. The log has the details.`,
  }),
  committed: ({ entries, replies }, scope) => scope.committed(entries, replies),
  troubled: logTrouble,
});

/** What a turn is given. A class, because the session's statechart hands it on without knowing what it is. */
export class TurnOrder {
  readonly opened: OpenedJournal;
  readonly scope: TurnScope;
  readonly begin: TurnBegin | undefined;

  /** @param begin how a new turn begins; without it, the one that is stored goes on */
  constructor(env: Environment, opened: OpenedJournal, transcript: Transcript, begin: TurnBegin | undefined) {
    this.opened = begin ? { ...opened, snapshot: null, openEffects: [] } : opened;
    this.scope = new TurnScope(env, opened.journal.key, transcript);
    this.begin = begin;
  }
}

export interface TurnBegin {
  readonly turnId: string;
  readonly channel: string;
  readonly event: Extract<TurnEvent, { type: 'turn.began' }>;
}

/** The actor of one turn. Its input is a `TurnOrder`. */
export const turn = durable<object, TurnEvent, TurnFact>((order) => {
  if (!(order instanceof TurnOrder)) throw new TypeError('a turn needs a TurnOrder');
  const { opened, scope, begin } = order;
  return durableTurn.process({
    open: async () => opened,
    scope,
    ...(begin && { fresh: { input: inputOf(begin, scope), event: begin.event, again: true } }),
  });
});

function inputOf({ turnId, channel, event }: TurnBegin, { env }: TurnScope): TurnInput {
  const limits = limitsOf(env.settings.turn, event.agent);
  return { turnId, channel, limits, unattended: isUnattended(event) };
}

/** What was ordered has limits of its own. Work that nobody waits for in a turn may take more steps than one. */
function limitsOf(turn: TurnLimits, order: AgentOrder | undefined): TurnLimits {
  if (!order) return turn;
  const { maxIterations, maxTokens, maxMinutes, purpose } = order;
  return {
    iterations: purpose ? maxIterations : Math.min(turn.iterations, maxIterations),
    tokens: maxTokens ?? turn.tokens,
    workMs: maxMinutes === undefined ? turn.workMs : maxMinutes * 60_000,
  };
}

function inputsOf(event: TurnEvent): readonly string[] {
  switch (event.type) {
    case 'turn.began':
    case 'turn.steered':
      return event.messages.map(({ inboxId }) => inboxId);
    case 'turn.interrupted':
      return event.inboxId === null ? [] : [event.inboxId];
    case 'approval.decided':
      return [event.inboxId];
    default:
      return [];
  }
}

function refusedInput(
  inboxId: string,
  why: 'unexpected' | 'crashed',
  { transcript }: TurnScope,
  event: TurnEvent | undefined,
): TurnRows {
  const reason =
    why === 'unexpected' && event?.type === 'approval.decided'
      ? staleAnswer(transcript.entries, event.approvalId)
      : REFUSALS[why];
  return { records: [{ type: 'input.refused', inboxId, reason }] };
}

const REFUSALS = {
  unexpected: 'The turn is not waiting for this any more.',
  crashed: 'I had to give this up: I crashed on it again and again. The log has the details.',
};

function logTrouble(trouble: Trouble, { env }: TurnScope): void {
  if (trouble.type === 'effect-died') {
    const { effectId, kind, deaths, error } = trouble;
    env.log.error({ effectId, request: kind, deaths, err: error }, 'effect died');
  } else {
    const { key, crashes, letter } = trouble;
    env.log.error({ key, crashes, letter }, 'step parked as a dead letter');
  }
}
