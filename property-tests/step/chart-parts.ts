import {
  type AnyStateMachine,
  and,
  assign,
  cancel,
  emit,
  enqueueActions,
  fromCallback,
  log,
  type MachineContext,
  not,
  or,
  raise,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';

/** Told what a chart's own code is called with, in order. */
export type Tell = (what: string, ...details: readonly unknown[]) => void;

/** How long every timer of a chart takes. */
export const DELAY_MS = 10;

type Config = AnyStateMachine['config'];
type Action = Exclude<NonNullable<Config['entry']>, readonly unknown[]>;
type Guard = NonNullable<NonNullable<Exclude<Config['always'], string | readonly unknown[]>>['guard']>;

/** Part of what actions, guards and their parameters are given. */
interface Given {
  readonly context: MachineContext;
  readonly event: { readonly type: string };
}

const seen = ({ context, event }: Given) => ({ count: context.count, event: event.type });
const fail = (): never => {
  throw new Error('it failed');
};

/** Actions as a state or a transition refers to them, by what is special about each. */
export const ACTIONS = {
  inline: (where, tell) => (given: Given) => tell(where, seen(given)),
  named: () => 'note',
  params: (where) => ({ type: 'note', params: { where } }),
  'computed params': (where) => ({ type: 'note', params: (given: Given) => ({ where, ...seen(given) }) }),
  missing: () => 'missing',
  assign: (where, tell) =>
    assign((given) => {
      tell(where, seen(given));
      return { count: given.context.count + 1, last: given.event.type };
    }),
  'assign by key': (where) => assign({ count: ({ context }) => context.count + 2, last: where }),
  'named assign': () => 'add',
  'assign with params': () => ({ type: 'add', params: { amount: 2 } }),
  'assign that spawns': () =>
    assign(({ context, spawn }) => {
      spawn('helper', { id: `spawned ${context.count}` });
      return {};
    }),
  sendTo: (where) =>
    sendTo(
      ({ context }) => context.probe,
      ({ context }) => ({ type: where, count: context.count }),
    ),
  'delayed sendTo': () => sendTo(({ self }) => self, { type: 'b' }, { delay: DELAY_MS, id: 'later' }),
  emit: (where) => emit(({ context }) => ({ type: where, count: context.count })),
  log: (where) => log(({ context }) => context.count, where),
  cancel: () => cancel('later'),
  'delayed raise': () => raise({ type: 'a' }, { delay: DELAY_MS, id: 'later' }),
} satisfies Record<string, (where: string, tell: Tell) => Action>;

/** Those that the compiled step leaves to XState, or that fail. */
export const RARE_ACTIONS = {
  raise: () => raise({ type: 'b' }),
  enqueueActions: (where, tell) =>
    enqueueActions(({ context, enqueue }) => {
      tell(where, context.count);
      enqueue.assign({ count: context.count + 5 });
      enqueue('note');
    }),
  spawnChild: () => spawnChild('helper', { id: 'own' }),
  stopChild: () => stopChild('own'),
  throws: () => fail,
  'assign that throws': () => assign(fail),
  'params that throw': () => ({ type: 'note', params: fail }),
  'sendTo nobody': () => sendTo('nobody', { type: 'lost' }),
} satisfies Record<string, (where: string, tell: Tell) => Action>;

export const GUARDS = {
  inline:
    (tell) =>
    (given: Given): boolean => {
      tell('guard', seen(given));
      return given.context.count % 2 === 0;
    },
  named: () => 'isOdd',
  params: () => ({ type: 'isBelow', params: { limit: 4 } }),
  'computed params': () => ({
    type: 'isBelow',
    params: ({ context }: Given) => ({ limit: 9 - context.count }),
  }),
} satisfies Record<string, (tell: Tell) => Guard>;

export const RARE_GUARDS = {
  and: () => and(['isOdd', 'isOdd']),
  or: () => or(['isOdd', 'isEven']),
  not: () => not('isOdd'),
  stateIn: () => stateIn('#1'),
  throws: () => fail,
  'params that throw': () => ({ type: 'isBelow', params: fail }),
  missing: () => 'missing',
} satisfies Record<string, (tell: Tell) => Guard>;

/** What all charts refer to by name. */
export const implementationsOf = (tell: Tell): AnyStateMachine['implementations'] => ({
  actions: {
    note: (given, params) => tell('note', seen(given), params),
    add: assign(({ context }, params) => ({ count: context.count + numberIn(params, 'amount', 3) })),
  },
  guards: {
    isOdd: (given) => {
      tell('isOdd', seen(given));
      return given.context.count % 2 === 1;
    },
    isEven: not('isOdd'),
    isBelow: ({ context }, params) => {
      const limit = numberIn(params, 'limit', 0);
      tell('isBelow', context.count, limit);
      return context.count < limit;
    },
  },
  actors: {
    helper: fromCallback(() => {
      tell('helper begins');
      return () => tell('helper ends');
    }),
  },
  delays: {},
});

function numberIn(params: unknown, name: string, otherwise: number): number {
  return params instanceof Object ? Number(Reflect.get(params, name)) : otherwise;
}
