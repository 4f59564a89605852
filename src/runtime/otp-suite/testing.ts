/** The children that OTP's supervisor_SUITE.erl misbehaves with, and a supervisor to put them under. */
import { onTestFinished } from 'vitest';
import { type AnyActorRef, fromCallback, setup } from 'xstate';
import {
  type ChildSpec,
  countChildren,
  type ExitReason,
  exit,
  IgnoreStart,
  monitor,
  type RestartResult,
  ShutdownExit,
  type StartResult,
  type SupervisorOptions,
  supervisor,
  whichChildren,
} from '../index.ts';
import { quiet, type Stage, stage } from '../test-doubles.ts';

/** How a child ends; `info` is OTP's `{shutdown, Info}`. */
export type Ending = 'normal' | 'shutdown' | 'info' | 'abnormal' | 'killed';

/** What a supervisor and its watchers hear of a child that ended so by itself. */
export const REASONS: Readonly<Record<Ending, ExitReason>> = {
  normal: { kind: 'normal' },
  shutdown: { kind: 'shutdown' },
  info: { kind: 'shutdown', cause: new ShutdownExit('some info') },
  abnormal: { kind: 'error', error: new Error('abnormal') },
  killed: { kind: 'killed' },
};

/** A supervisor with the flags of OTP's suite, below a root that does not restart it. */
export interface Supervised extends Stage {
  readonly sup: AnyActorRef;
}

/** Counts as OTP lists them: specs, active, supervisors, workers. */
export function countsOf(sup: AnyActorRef): readonly number[] {
  const { specs, active, supervisors, workers } = countChildren(sup);
  return [specs, active, supervisors, workers];
}

/** Makes a child end by itself, and waits until all that follows has happened. */
export async function end(ref: AnyActorRef, ending: Ending): Promise<void> {
  if (ending === 'shutdown' || ending === 'killed') exit(ref, { kind: ending }, ref);
  else ref.send({ type: `exit.${ending}` });
  await quiet();
}

/** Collects the exits of these actors by name, as monitors tell of them. */
export function exitsOf(actors: Readonly<Record<string, AnyActorRef>>): Readonly<Record<string, ExitReason>> {
  const exits: Record<string, ExitReason> = {};
  for (const [name, ref] of Object.entries(actors)) {
    monitor(ref, ({ reason }) => {
      exits[name] = reason;
    });
  }
  return exits;
}

/** What a caller without types may hand in for a specification. */
export function malformed(spec: Partial<ChildSpec>, fields: object = {}): ChildSpec {
  return Object.assign({ id: 'child', logic: worker }, spec, fields);
}

/** The live incarnation of a child. */
export function refOf(sup: AnyActorRef, id: string): AnyActorRef {
  const child = whichChildren(sup).find((known) => known.id === id)?.child;
  if (child === undefined || child === 'restarting') throw new Error(`${id} does not run`);
  return child;
}

/** The reference of a child that must have started. */
export function started(result: StartResult | RestartResult): AnyActorRef {
  if (result.ok && result.value.ref) return result.value.ref;
  throw new Error(`not started: ${result.ok ? 'ignored' : result.error.kind}`);
}

/** A child whose starts come out as listed, all further ones as the last. */
export function starterSpec(
  id: string,
  outcomes: readonly ('ok' | 'ignore' | 'error' | 'junk')[],
  more: Partial<ChildSpec> = {},
): ChildSpec {
  let attempt = 0;
  const logic = fromCallback(() => {
    const outcome = outcomes[Math.min(attempt++, outcomes.length - 1)];
    if (outcome === 'ignore') throw new IgnoreStart('not wanted');
    if (outcome === 'error') throw new Error('reason');
    if (outcome === 'junk') throw 'error_reason';
  });
  return { id, logic, ...more };
}

/** Starts a supervisor. It is stopped when the test has finished, if it is not by then. */
export async function supervise(options: Partial<SupervisorOptions> = {}): Promise<Supervised> {
  const logic = supervisor({ intensity: 2, period: 3600, children: [], ...options });
  const children: ChildSpec[] = [{ id: 'sup', name: 'sup', logic, restart: 'temporary' }];
  const staged = await stage(supervisor({ children }));
  const sup = staged.system.whereis('sup');
  if (!sup) throw new Error('the supervisor is not registered');
  onTestFinished(() => {
    // Not awaited: a child that a failed test left asleep would hold it up.
    void staged.system.stop();
  });
  return { ...staged, sup };
}

/**
 * Ends as `end` tells it. Where it is graceful and told to shut down it ends as its input says (`normal`, `info` or
 * `abnormal`; default `normal`), or, once it has been sent `sleep`, not before it is sent `wake`.
 */
export const worker = setup({
  types: { context: {} as { obeys: unknown } },
  actions: { fail: raiser(REASONS.abnormal), giveUp: raiser(REASONS.info) },
  guards: {
    fails: ({ context }) => context.obeys === 'abnormal',
    givesUp: ({ context }) => context.obeys === 'info',
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ obeys: input }),
  initial: 'awake',
  states: {
    awake: {
      on: {
        'exit.normal': 'ended',
        'exit.info': { actions: 'giveUp' },
        'exit.abnormal': { actions: 'fail' },
        'supervisor.shutdown': [
          { guard: 'fails', actions: 'fail' },
          { guard: 'givesUp', actions: 'giveUp' },
          { target: 'ended' },
        ],
        sleep: 'asleep',
      },
    },
    asleep: { on: { wake: 'ended' } },
    ended: { type: 'final' },
  },
});

/** A child with a second to end in, as most of OTP's suite has. */
export function workerSpec(id: string, more: Partial<ChildSpec> = {}): ChildSpec {
  return { id, logic: worker, shutdown: 1_000, graceful: true, ...more };
}

function raiser(reason: ExitReason): () => never {
  return () => {
    if (reason.kind === 'error') throw reason.error;
    throw reason.kind === 'shutdown' ? reason.cause : reason;
  };
}
