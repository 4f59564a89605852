import type { ActorLogic, AnyActorRef, EventObject, Snapshot } from 'xstate';
import {
  type Loaded,
  type OfferedInput,
  type SessionContext,
  type SessionDesk,
  sessionMachine,
} from '../../machines/session.ts';
import { type MachineWalk, walkOf } from './walk.ts';

/** Enough for a queue that is empty, has one, is full, and ones that are no messages. */
const MESSAGES = ['1', '2'].map(
  (inboxId): OfferedInput => ({
    inboxId,
    channel: 'test',
    input: { type: 'message', text: 'hello', mode: 'queue' },
  }),
);
const DECISION: OfferedInput = {
  inboxId: '3',
  channel: 'test',
  input: { type: 'approval', approvalId: 'none', decision: 'once', reason: null },
};
const NOTICE: OfferedInput = {
  inboxId: '4',
  channel: 'test',
  input: { type: 'notice', text: 'it is done', from: 'a helper' },
};
const INPUTS = [...MESSAGES, DECISION, NOTICE];

/** Nothing is read from it: what its promises yield is among the walk's outputs. */
const desk: SessionDesk = {
  load: () => new Promise(() => {}),
  refuse: () => new Promise(() => {}),
  tell: () => new Promise(() => {}),
  meaning: ({ input }) => ({ wait: input.type !== 'approval' }),
  turn: () => ({}),
  failed: () => {},
  rested: () => {},
};

/** Never runs: how it ends is among the walk's events. */
const turn: ActorLogic<TurnSnapshot, EventObject, object> = {
  getInitialSnapshot: () => ({
    status: 'active',
    output: undefined,
    error: undefined,
    state: '',
    children: {},
  }),
  getPersistedSnapshot: (snapshot) => snapshot,
  transition: (snapshot) => snapshot,
};

type TurnSnapshot = Snapshot<undefined> & {
  readonly state: string;
  readonly children: Readonly<Record<string, AnyActorRef>>;
};

const LOADS: readonly Loaded[] = [[], MESSAGES.slice(0, 1), [DECISION], [NOTICE]].flatMap((inputs) => [
  { unfinished: false, inputs, more: false },
  { unfinished: true, inputs, more: true },
]);

/**
 * Which inputs wait and which are remembered decides what is taken in; which one a turn began with decides nothing.
 * Failures only lengthen a wait.
 */
function abstraction({ queue, known, missed, behind, unfinished }: SessionContext): unknown {
  const waiting = queue.map(({ inboxId }) => inboxId);
  return { queue: waiting, known: [...known].sort(), missed, behind, unfinished };
}

export const sessionWalk: MachineWalk = walkOf(sessionMachine.provide({ actors: { turn } }), {
  input: { desk, idleMs: 1_000, queueLimit: 2 },
  abstraction,
  events: (): readonly EventObject[] => [
    ...INPUTS.map((input) => ({ type: 'input.offered', input })),
    ...MESSAGES.map((input) => ({ type: 'input.coming', input })),
    { type: 'session.nudged' },
    // Raised by the machine itself on entering `busy`, and harmless from anybody else.
    { type: 'queue.review' },
  ],
  outputs: { load: LOADS },
  unrequested: ['input.offered', 'input.coming', 'session.nudged', 'queue.review'],
  idle: ['idle'],
  invariants: {
    'a session that rests has nothing left to do': ({ value, context }) =>
      value !== 'idle' || (context.queue.length === 0 && !context.missed),
    'nothing waits twice': ({ context: { queue } }) => new Set(queue).size === queue.length,
  },
});
