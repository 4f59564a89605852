import {
  type ActorLogic,
  type AnyActorRef,
  assign,
  type EventObject,
  fromPromise,
  raise,
  type Snapshot,
  setup,
} from 'xstate';
import type { Input } from '../src/core/assistant.ts';
import type { TurnEvent } from './turn.ts';

const ports = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    input: {} as SessionInput,
  },
  actors: {
    load: fromPromise<Loaded, SessionDesk>(({ input: desk }) => desk.load()),
    refuse: fromPromise<void, Handled>(({ input: { desk, offered } }) => desk.refuse(offered)),
    tell: fromPromise<void, Handled>(({ input: { desk, offered } }) => desk.tell(offered)),
    turn: {} as TurnLogic,
  },
  actions: {
    keep: assign(({ context, event }) => ('input' in event ? kept(context, event.input) : {})),
    takeLoaded: assign(({ context }, loaded: Loaded) => merged(context, loaded)),
    beginNext: assign(({ context }) => ({
      beginWith: context.queue[0] ?? null,
      queue: context.queue.slice(1),
    })),
    dropFirst: assign(({ context }) => ({ queue: context.queue.slice(1) })),
    turnOver: assign({ unfinished: false, beginWith: null, failures: 0 }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    reportFailure: ({ context }, { error }: { readonly error: unknown }) => context.desk.failed(error),
    lookAgainLater: assign({ missed: true }),
    tellRest: ({ context }) => context.desk.rested(),
  },
  guards: {
    hasUnfinishedTurn: ({ context }) => context.unfinished,
    hasMessage: ({ context }) => context.queue[0]?.input.type === 'message',
    hasNotice: ({ context }) => context.queue[0]?.input.type === 'notice',
    hasInput: ({ context }) => context.queue.length > 0,
    hasMissedInputs: ({ context }) => context.missed,
  },
  delays: {
    idleTime: ({ context }) => context.idleMs,
    stallTime: ({ context }) => Math.min(LONGEST_STALL_MS, SHORTEST_STALL_MS * 2 ** (context.failures - 1)),
  },
});

/** Whatever fails is reported and tried again from the beginning, later each time. */
const stalling = {
  target: 'stalled',
  actions: [
    {
      type: 'reportFailure',
      params: ({ event }: { readonly event: { readonly error: unknown } }) => ({ error: event.error }),
    },
    'countFailure',
  ],
} as const;

/**
 * One conversation that is awake. It takes the inputs that were accepted for it, in their order, and sees to it
 * that there is one turn at a time.
 *
 * | state      | what happens                                                                                |
 * |------------|---------------------------------------------------------------------------------------------|
 * | activating | reads the journal, the unfinished turn and the open inputs from the database                |
 * | deciding   | goes on with the unfinished turn, begins the next one, or rests                             |
 * | busy       | a turn runs; what arrives is handed to it (steering, decisions, interrupts) or waits        |
 * | telling    | a notice is put on record and on its way to the user                                        |
 * | refusing   | an input that makes sense only during a turn is put on record as refused                    |
 * | idle       | nothing to do; after a while the session leaves memory                                      |
 * | stalled    | the database could not be used or the turn crashed: waits, longer each time, then activates |
 * | passivated | gone from memory; the next input brings it back                                             |
 *
 * Where there is nothing to do, a message is begun with while it is still being accepted. Elsewhere it is not heard
 * before that.
 *
 * An input may be offered more than once (by whoever accepted it, and by the database); its id tells. When the
 * queue is full, offers are let go and read from the database later.
 */
export const sessionMachine = ports
  .extend({
    actions: {
      /** Goes through what waits and hands the turn what is meant for it. */
      review: ports.enqueueActions(({ context, enqueue }) => {
        const waiting: OfferedInput[] = [];
        for (const offered of context.queue) {
          const { event, wait } = context.desk.meaning(offered);
          if (event) enqueue.sendTo('turn', event);
          if (wait) waiting.push(offered);
        }
        // What is handed over while the turn ends may not be taken; the database will tell.
        const handedOver = waiting.length < context.queue.length;
        enqueue.assign({ queue: waiting, missed: context.missed || handedOver });
      }),
    },
  })
  .createMachine({
    id: 'session',
    initial: 'activating',
    context: ({ input }) => ({
      ...input,
      queue: [],
      known: new Set(),
      missed: false,
      behind: false,
      unfinished: false,
      beginWith: null,
      failures: 0,
    }),
    on: {
      'input.offered': { actions: 'keep' },
      'session.nudged': { actions: 'lookAgainLater' },
    },
    states: {
      activating: {
        description: 'Reads what is unfinished from the database.',
        invoke: {
          src: 'load',
          input: ({ context }) => context.desk,
          onDone: {
            target: 'deciding',
            actions: { type: 'takeLoaded', params: ({ event }) => event.output },
          },
          onError: stalling,
        },
      },
      deciding: {
        description: 'Looks for what to do next.',
        always: [
          { guard: 'hasUnfinishedTurn', target: 'busy' },
          { guard: 'hasMessage', target: 'busy', actions: 'beginNext' },
          { guard: 'hasNotice', target: 'telling' },
          { guard: 'hasInput', target: 'refusing' },
          { guard: 'hasMissedInputs', target: 'activating' },
          { target: 'idle' },
        ],
      },
      busy: {
        description: 'A turn runs.',
        entry: raise({ type: 'queue.review' }),
        invoke: {
          id: 'turn',
          src: 'turn',
          input: ({ context }) => context.desk.turn(context.beginWith),
          onDone: { target: 'deciding', actions: 'turnOver' },
          onError: stalling,
        },
        on: {
          'input.offered': { actions: ['keep', 'review'] },
          'queue.review': { actions: 'review' },
        },
      },
      telling: {
        description: 'A notice is passed on to you.',
        invoke: {
          src: 'tell',
          input: ({ context }) => ({ desk: context.desk, offered: first(context.queue) }),
          onDone: { target: 'deciding', actions: 'dropFirst' },
          onError: stalling,
        },
      },
      refusing: {
        description: 'Says that an input came too late.',
        invoke: {
          src: 'refuse',
          input: ({ context }) => ({ desk: context.desk, offered: first(context.queue) }),
          onDone: { target: 'deciding', actions: 'dropFirst' },
          onError: stalling,
        },
      },
      idle: {
        description: 'Nothing to do.',
        on: {
          'input.coming': { target: 'deciding', actions: 'keep' },
          'input.offered': { target: 'deciding', actions: 'keep' },
          'session.nudged': 'activating',
        },
        after: { idleTime: 'passivated' },
      },
      stalled: {
        description: 'Something failed. It waits, then tries again.',
        tags: 'trouble',
        after: { stallTime: 'activating' },
      },
      passivated: { description: 'Out of memory, until somebody writes.', type: 'final', entry: 'tellRest' },
    },
  });

/** The session's effects: reading the database, knowing what an input means to the running turn, telling of trouble. */
export interface SessionDesk {
  load(): Promise<Loaded>;
  /** Puts it on record that this input could not be used. */
  refuse(offered: OfferedInput): Promise<void>;
  /** Tells the user what a notice says. */
  tell(offered: OfferedInput): Promise<void>;
  /** What an input means while a turn runs: an event for the turn, waiting for the turn to end, or both. */
  meaning(offered: OfferedInput): { readonly event?: TurnEvent; readonly wait: boolean };
  /** The input of the turn's actor: a new turn for this message, or the unfinished one where there is none. */
  turn(beginWith: OfferedInput | null): object;
  failed(error: unknown): void;
  /** It leaves memory, because nobody has talked for long enough. */
  rested(): void;
}

export interface Loaded {
  readonly unfinished: boolean;
  readonly inputs: readonly OfferedInput[];
  /** There are more open inputs than were read. */
  readonly more: boolean;
}

export interface OfferedInput {
  /** Sorts in the order of acceptance. */
  readonly inboxId: string;
  readonly channel: string;
  readonly input: Input;
}

export interface SessionInput {
  readonly desk: SessionDesk;
  /** Time without anything to do before the session leaves memory. */
  readonly idleMs: number;
  readonly queueLimit: number;
}

export interface SessionContext extends SessionInput {
  /** What waits, oldest first. */
  readonly queue: readonly OfferedInput[];
  /** Ids that were offered before. */
  readonly known: ReadonlySet<string>;
  /** The database may hold open inputs that the queue does not. */
  readonly missed: boolean;
  /** It holds messages that are older than whatever is offered now: those come first. */
  readonly behind: boolean;
  readonly unfinished: boolean;
  readonly beginWith: OfferedInput | null;
  /** In a row. */
  readonly failures: number;
}

export type SessionEvent =
  | { readonly type: 'input.offered'; readonly input: OfferedInput }
  /** It is about to be accepted, in any case before what is committed from now on; it is offered after that. */
  | { readonly type: 'input.coming'; readonly input: OfferedInput }
  /** Somebody saw work for this conversation in the database. */
  | { readonly type: 'session.nudged' }
  | { readonly type: 'queue.review' };

interface Handled {
  readonly desk: SessionDesk;
  readonly offered: OfferedInput;
}

/** The turn's actor, as far as the session knows it. */
type TurnLogic = ActorLogic<TurnSnapshot, TurnEvent | EventObject, object>;

type TurnSnapshot = Snapshot<undefined> & {
  readonly state: string;
  readonly children: Readonly<Record<string, AnyActorRef>>;
};

const SHORTEST_STALL_MS = 100;
const LONGEST_STALL_MS = 30_000;
/** Ids are remembered for as long as an offer may be on its way, which is far less than so many messages. */
const KNOWN_LIMIT = 200;

/** Whether a session, of which this is the snapshot, was offered that input before. */
export function knowsInput(snapshot: unknown, inboxId: string): boolean {
  if (!(snapshot instanceof Object && 'context' in snapshot)) return false;
  const { context } = snapshot;
  const known = context instanceof Object && 'known' in context ? context.known : undefined;
  return known instanceof Set && known.has(inboxId);
}

function first([offered]: readonly OfferedInput[]): OfferedInput {
  if (!offered) throw new Error('nothing waits');
  return offered;
}

function kept(context: SessionContext, offered: OfferedInput): Partial<SessionContext> {
  if (context.known.has(offered.inboxId)) return {};
  if (context.queue.length >= context.queueLimit) return { missed: true, behind: true };
  if (context.behind && keepsItsTurn(offered)) return { missed: true };
  return { queue: inOrder([...context.queue, offered]), known: remembered(context.known, [offered]) };
}

/** What is said and told keeps the order in which it was accepted; an answer or an interrupt is for right now. */
const keepsItsTurn = ({ input }: OfferedInput): boolean =>
  input.type === 'message' || input.type === 'notice';

function merged(context: SessionContext, { unfinished, inputs, more }: Loaded): Partial<SessionContext> {
  const loaded = new Set(inputs.map(({ inboxId }) => inboxId));
  const offeredMeanwhile = context.queue.filter(
    (offered) => !loaded.has(offered.inboxId) && !(more && keepsItsTurn(offered)),
  );
  return {
    unfinished,
    missed: more,
    behind: more,
    beginWith: null,
    queue: inOrder([...inputs, ...offeredMeanwhile]),
    known: remembered(context.known, inputs),
  };
}

function remembered(known: ReadonlySet<string>, inputs: readonly OfferedInput[]): ReadonlySet<string> {
  const ids = [...known, ...inputs.map(({ inboxId }) => inboxId)];
  return new Set(ids.length > KNOWN_LIMIT ? ids.slice(-KNOWN_LIMIT / 2) : ids);
}

function inOrder(inputs: readonly OfferedInput[]): readonly OfferedInput[] {
  return inputs.toSorted((a, b) => (a.inboxId < b.inboxId ? -1 : 1));
}
