import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { getNextTransitions, initialTransition, type SnapshotFrom, transition } from 'xstate';
import { type JobEvent, jobMachine } from '../machines/job.ts';
import { jobEvents } from './runtime/job-walk.ts';

type Snapshot = SnapshotFrom<typeof jobMachine>;

/** The states of a job and every way from one to the next, as they are promised. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  pending: ['cancelled', 'failed', 'inProgress'],
  inProgress: ['cancelled', 'completed', 'failed', 'stuck'],
  completed: ['failed', 'submitted'],
  submitted: ['accepted', 'failed'],
  stuck: ['cancelled', 'failed', 'inProgress'],
  accepted: [],
  failed: [],
  cancelled: [],
};

const input = { attempts: 0, maxRepairs: 2, quiet: false, effect: 'idempotent' } as const;
const start = (quiet = false): Snapshot => initialTransition(jobMachine, { ...input, quiet })[0];

describe('the statechart of a job', () => {
  test('has the states and transitions that are promised, and no others', () => {
    const declared = Object.entries(jobMachine.states).map(([name]) => {
      const at = jobMachine.resolveState({ value: asState(name), context: { ...input, accepted: false } });
      const targets = getNextTransitions(at).flatMap(({ target = [] }) => target.map(({ key }) => key));
      return [name, [...new Set(targets)].toSorted()];
    });
    expect(Object.fromEntries(declared)).toEqual(PROMISED);
  });

  test('records each step that it makes, from where it was to where it is, without a gap', () => {
    const runs = fc.array(fc.constantFrom(...jobEvents), { maxLength: 30 });
    fc.assert(
      fc.property(runs, fc.boolean(), (events, quiet) => {
        let snapshot = start(quiet);
        let at: string = snapshot.value;
        for (const event of events) {
          const [next, moves] = step(snapshot, event);
          for (const { from, to, reason } of moves) {
            expect(from).toBe(at);
            expect(PROMISED[from]).toContain(to);
            expect(reason).not.toBe('');
            at = to;
          }
          expect(next.value).toBe(at);
          snapshot = next;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('begins its work exactly when it comes to be in progress', () => {
    const runs = fc.array(fc.constantFrom(...jobEvents), { maxLength: 30 });
    fc.assert(
      fc.property(runs, (events) => {
        let snapshot = start();
        for (const event of events) {
          const [next, moves, requests] = step(snapshot, event);
          const begins = moves.some(({ to }) => to === 'inProgress');
          expect(requests.filter((type) => type === 'runWork')).toHaveLength(begins ? 1 : 0);
          if (next.status === 'done') expect(requests.filter((type) => type !== 'move')).toEqual([]);
          snapshot = next;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

function asState(name: string): Snapshot['value'] {
  const state = STATES.find((one) => one === name);
  if (!state) throw new Error(`nobody has promised a state ${name}`);
  return state;
}

const STATES: readonly Snapshot['value'][] = [
  'pending',
  'inProgress',
  'completed',
  'submitted',
  'stuck',
  'accepted',
  'failed',
  'cancelled',
];

interface Move {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

function step(snapshot: Snapshot, event: JobEvent): [Snapshot, readonly Move[], readonly string[]] {
  if (snapshot.status !== 'active' || !snapshot.can(event)) return [snapshot, [], []];
  const [next, actions] = transition(jobMachine, snapshot, event);
  const moves = actions.flatMap(({ type, params }) => (type === 'move' ? [asMove(params)] : []));
  return [next, moves, actions.map(({ type }) => type)];
}

function asMove(params: unknown): Move {
  const { from, to, reason } = Object(params);
  return { from: String(from), to: String(to), reason: String(reason) };
}
