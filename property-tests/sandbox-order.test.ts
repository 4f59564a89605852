import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type EventObject,
  initialTransition,
  transition,
} from 'xstate';
import { type HttpExchangeStep, httpExchangeMachine } from '../machines/http-exchange.ts';
import { type SandboxCallStep, sandboxCallMachine } from '../machines/sandbox-call.ts';
import { runsOf } from './runtime/runs.ts';
import { CALL_EVENTS, callInput, EXCHANGE_EVENTS, exchangeInput } from './runtime/sandbox-walks.ts';

/**
 * Sends the statecharts of the sandbox every kind of event in any order, as a stale or forged answer would come, and
 * looks at what they ask to have done: a step is asked for only right after the one before it has passed.
 */

interface Road {
  readonly machine: AnyStateMachine;
  readonly input: object;
  readonly events: readonly EventObject[];
  /** The steps in their order, each with the event that it passes with. */
  readonly steps: readonly (readonly [step: string, passes: string])[];
  /** The action that tells the end, and the kind of end that only the last step leads to. */
  readonly end: string;
  readonly success: string;
}

const CALL_STEPS: readonly (readonly [SandboxCallStep, string])[] = [
  ['validateParams', 'params.validated'],
  ['checkAllowed', 'tool.allowed'],
  ['takeRate', 'rate.taken'],
  ['scanRequest', 'request.scanned'],
  ['readyCredentials', 'credentials.ready'],
  ['runGuest', 'guest.returned'],
  ['scanResponse', 'response.scanned'],
];

const EXCHANGE_STEPS: readonly (readonly [HttpExchangeStep, string])[] = [
  ['checkTarget', 'target.allowed'],
  ['takeRate', 'rate.taken'],
  ['scanRequest', 'request.scanned'],
  ['injectCredentials', 'credentials.ready'],
  ['resolveAddress', 'address.pinned'],
  ['send', 'response.received'],
  ['scanResponse', 'response.scanned'],
];

const ROADS: readonly Road[] = [
  {
    machine: sandboxCallMachine,
    input: callInput,
    events: CALL_EVENTS,
    steps: CALL_STEPS,
    end: 'finish',
    success: 'returned',
  },
  {
    machine: httpExchangeMachine,
    input: exchangeInput,
    events: EXCHANGE_EVENTS,
    steps: EXCHANGE_STEPS,
    end: 'answer',
    success: 'answered',
  },
];

interface Asked {
  readonly type: string;
  readonly params?: unknown;
}

/** What the machine asks for, in order, with the event that it answers. */
function travel({ machine, input }: Road, events: readonly EventObject[]) {
  let [snapshot, actions]: readonly [AnyMachineSnapshot, readonly Asked[]] = initialTransition(
    machine,
    input,
  );
  const travelled: { readonly after: string; readonly asked: readonly Asked[] }[] = [
    { after: 'start', asked: actions },
  ];
  for (const event of events) {
    // An actor that has ended takes no more events.
    if (snapshot.status !== 'active') break;
    [snapshot, actions] = transition(machine, snapshot, event);
    travelled.push({ after: event.type, asked: actions });
  }
  return { travelled, snapshot };
}

const field = (params: unknown, name: string): unknown =>
  params instanceof Object ? Reflect.get(params, name) : undefined;

describe.each(ROADS)('$machine.id', (road) => {
  const steps = road.steps.map(([step]) => step);
  const arbitraryEvents = fc.array(
    // Mostly what a call lives on, so that many get far.
    fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...road.events) },
      { weight: 4, arbitrary: fc.constantFrom(...road.steps.map(([, type]) => ({ type }))) },
    ),
    { maxLength: 40 },
  );

  test('asks for each step once, in order, and only after the one before it has passed', () => {
    fc.assert(
      fc.property(arbitraryEvents, (events) => {
        const { travelled } = travel(road, events);
        const asked = travelled.flatMap(({ after, asked }) =>
          asked
            .filter(({ type }) => type === 'ask')
            .map(({ params }) => ({ after, step: field(params, 'step') })),
        );
        expect(asked.map(({ step }) => step)).toEqual(steps.slice(0, asked.length));
        const passes = ['start', ...road.steps.map(([, event]) => event)];
        expect(asked.map(({ after }) => after)).toEqual(passes.slice(0, asked.length));
      }),
      runsOf(2_000),
    );
  });

  test('tells one end, the good one only after the last scan, and asks for nothing after it', () => {
    fc.assert(
      fc.property(arbitraryEvents, (events) => {
        const { travelled, snapshot } = travel(road, events);
        const all = travelled.flatMap(({ after, asked }) => asked.map((one) => ({ after, ...one })));
        const ends = all.filter(({ type }) => type === road.end);
        expect(ends).toHaveLength(snapshot.status === 'done' ? 1 : 0);
        const [end] = ends;
        if (end === undefined) return;
        expect(all.at(-1)).toBe(end);
        const good = field(end.params, 'kind') === road.success;
        expect(good).toBe(end.after === 'response.scanned');
      }),
      runsOf(2_000),
    );
  });

  test('gets to its good end by the events of its steps, and in no other order', () => {
    const straight = road.steps.map(([, type]) => ({ type }));
    expect(travel(road, straight).snapshot.value).toBe(road.success);
    for (let missing = 0; missing < straight.length; missing++) {
      expect(travel(road, straight.toSpliced(missing, 1)).snapshot.status).toBe('active');
    }
  });
});
