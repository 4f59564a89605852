import { assign, fromPromise, setup } from 'xstate';
import {
  type DurableDeclaration,
  type DurableStore,
  durableMachine,
  type EffectClass,
  type Outcome,
  type Trouble,
} from '../index.ts';

/** Adds up what it is told, and now and then sends a letter that says how far it has come. */
export const counterMachine = setup({
  types: {
    context: {} as { readonly total: number; readonly letters: number },
    events: {} as CounterEvent,
    input: {} as { readonly from: number },
  },
  actions: {
    sendLetter: (_, _params: CounterRequests['sendLetter']) => {},
    report: (_, _params: CounterRequests['report']) => {},
  },
}).createMachine({
  id: 'counter',
  context: ({ input }) => ({ total: input.from, letters: 0 }),
  initial: 'counting',
  on: {
    'count.added': {
      actions: assign({ total: ({ context, event }) => context.total + wholeNumber(event.by) }),
    },
    'count.closed': '.closed',
    'step.parked': '.counting',
  },
  states: {
    counting: {
      on: { 'letter.wanted': 'writing' },
    },
    writing: {
      entry: {
        type: 'sendLetter',
        params: ({ context, event }) => ({
          text: `at ${context.total}`,
          class: event.type === 'letter.wanted' ? event.class : 'pure',
        }),
      },
      on: {
        'letter.sent': {
          target: 'counting',
          actions: assign({ letters: ({ context }) => context.letters + 1 }),
        },
        'letter.unknown': 'counting',
        'letter.unwanted': 'counting',
      },
    },
    closed: {
      entry: { type: 'report', params: ({ context }) => context },
      type: 'final',
    },
  },
});

export type CounterEvent = { readonly inboxId?: string } & (
  | { readonly type: 'count.added'; readonly by: number }
  | { readonly type: 'count.closed' }
  | { readonly type: 'letter.wanted'; readonly class: EffectClass }
  | { readonly type: 'letter.unwanted' }
  | { readonly type: 'letter.sent' }
  | { readonly type: 'letter.unknown' }
  | { readonly type: 'step.parked' }
);

interface CounterRequests {
  readonly sendLetter: { readonly text: string; readonly class: EffectClass };
  readonly report: { readonly total: number };
}

export type CounterRecord =
  | { readonly type: 'count.added'; readonly by: number }
  | { readonly type: 'letter.requested'; readonly effectId: string }
  | { readonly type: 'letter.sent' | 'letter.unknown' | 'letter.unwanted' | 'step.parked' }
  | { readonly type: 'count.closed'; readonly total: number }
  | { readonly type: 'input.refused'; readonly inboxId: string; readonly why: string };

/** Where letters go. */
export interface CounterScope {
  post(letterId: string, text: string): Promise<void>;
  readonly troubles: Trouble[];
}

export interface CounterTypes {
  readonly requests: CounterRequests;
  readonly scope: CounterScope;
  readonly record: CounterRecord;
  readonly write: string;
}

type CounterDeclaration = DurableDeclaration<typeof counterMachine, CounterTypes>;

export function counter(more: Partial<CounterDeclaration> = {}) {
  return durableMachine<typeof counterMachine, CounterTypes>({
    machine: counterMachine,
    version: 1,
    requests: {
      sendLetter: {
        class: (params) => params.class,
        start: ({ text }, { id, scope }) => ({
          actorId: 'letter',
          logic: letter,
          input: { id, text, scope },
        }),
        unknown: () => ({ type: 'letter.unknown' }),
        rows: (_params, _step, effectId) => ({ records: [{ type: 'letter.requested', effectId }] }),
        progress: { within: 1_000 },
      },
      report: {
        rows: ({ total }, _step, id) => ({
          records: [{ type: 'count.closed', total }],
          replies: [{ id, channel: 'test', payload: { total } }],
        }),
      },
    },
    rowsOf(event, { open }) {
      if (event.type === 'count.added') return { records: [{ type: 'count.added', by: event.by }] };
      if (event.type === 'letter.wanted' || event.type === 'count.closed') return {};
      const ended = event.type === 'letter.unwanted' ? [...open.keys()] : [];
      return { records: [{ type: event.type }], ended };
    },
    inputsOf: ({ inboxId }) => (inboxId === undefined ? [] : [inboxId]),
    refused: (inboxId, why) => ({ records: [{ type: 'input.refused', inboxId, why }] }),
    parked: () => ({ type: 'step.parked' }),
    troubled: (trouble, scope) => scope.troubles.push(trouble),
    ...more,
  });
}

/** The input of a counter's actor: begins with nothing counted where nothing is stored. */
export function counterInput(
  store: DurableStore<CounterRecord, string>,
  scope: CounterScope,
  { key = 'counter/1', version = 1, event }: { key?: string; version?: number; event?: CounterEvent } = {},
) {
  const fresh = { input: { from: 0 }, ...(event && { event }) };
  return { open: () => store.open(key, version), scope, fresh };
}

const letter = fromPromise<
  Outcome<CounterEvent, CounterRecord, string>,
  { readonly id: string; readonly text: string; readonly scope: CounterScope }
>(async ({ input: { id, text, scope } }) => {
  await scope.post(id, text);
  return { event: { type: 'letter.sent' }, writes: [`sent ${text}`] };
});

function wholeNumber(by: number): number {
  if (!Number.isInteger(by)) throw new Error(`cannot count by ${by}`);
  return by;
}
