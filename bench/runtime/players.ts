import {
  type ActorLogic,
  type AnyActorRef,
  assign,
  fromTransition,
  type Snapshot,
  sendTo,
  setup,
} from 'xstate';

/** Two players hit a ball to and fro. The same logics play bare and supervised. */
export interface Side {
  readonly peer: AnyActorRef | undefined;
  /** How often this player still hits the ball back. */
  readonly hits: number;
  /** Called by whoever gets the ball and has no hits left. */
  readonly finished: () => void;
}

export type PlayerEvent = { readonly type: 'ball' } | ({ readonly type: 'begin' } & Side);

const BALL = { type: 'ball' } as const;
const IDLE: Side = { peer: undefined, hits: 0, finished: () => {} };

export const machinePlayer = setup({
  types: { context: {} as Side, events: {} as PlayerEvent },
}).createMachine({
  context: IDLE,
  on: {
    begin: { actions: assign(({ event: { peer, hits, finished } }) => ({ peer, hits, finished })) },
    ball: [
      { guard: ({ context }) => context.hits === 0, actions: ({ context }) => context.finished() },
      {
        actions: [
          assign({ hits: ({ context }) => context.hits - 1 }),
          sendTo(({ context, self }) => context.peer ?? self, BALL),
        ],
      },
    ],
  },
});

export const transitionPlayer = fromTransition((side: Side, event: PlayerEvent) => play(side, event), IDLE);

type CustomSnapshot = Snapshot<undefined> & { readonly side: Side };

/** Logic written by hand against the interface that all of XState's own kinds implement. */
export const customPlayer: ActorLogic<CustomSnapshot, PlayerEvent> = {
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined, side: IDLE }),
  getPersistedSnapshot: (snapshot) => snapshot,
  transition: (snapshot, event) => ({
    status: 'active',
    output: undefined,
    error: undefined,
    side: play(snapshot.side, event),
  }),
};

function play(side: Side, event: PlayerEvent): Side {
  if (event.type === 'begin') return { peer: event.peer, hits: event.hits, finished: event.finished };
  if (event.type !== 'ball') return side;
  if (side.hits === 0) side.finished();
  else side.peer?.send(BALL);
  return { peer: side.peer, hits: side.hits - 1, finished: side.finished };
}

/** So many balls fly before this resolves. */
export function rally(a: AnyActorRef, b: AnyActorRef, balls: number): Promise<void> {
  return new Promise((finished) => {
    const hits = balls / 2;
    a.send({ type: 'begin', peer: b, hits, finished });
    b.send({ type: 'begin', peer: a, hits, finished });
    a.send(BALL);
  });
}

/** Balls in one go. */
export const BALLS = 20_000;
