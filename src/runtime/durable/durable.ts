import type { ActorLogic, AnyActorRef, EventObject, Snapshot } from 'xstate';
import { setLive } from './live.ts';
import type { DurableProcess, Fact } from './process.ts';
import { FAILED, FINISHED, Run, STEPPED, STOP } from './run.ts';

export type { Continuation, DurableProcess, Effect, Fact } from './process.ts';

/**
 * Makes an actor out of a process whose every step is committed before it counts.
 *
 * Events are taken one at a time: the process turns an event into its next state, commits it, and only then are
 * the effects that follow carried out, each by a child actor. A child's output is the next event (a `Fact`); a
 * child that dies or hangs is reported to the process, which says what that means. When a commit fails the actor
 * fails: what was not committed has not happened, and its next life goes on from what was.
 *
 * The snapshot has `state` (for people), `children` (running effects) and, once `done`, no output.
 *
 * @param create makes the process of one life, for example out of what a store has of it; called once in each
 */
export function durable<Input, E extends EventObject, F extends Fact<E> = Fact<E>>(
  create: (input: Input) => DurableProcess<E, F> | Promise<DurableProcess<E, F>>,
): DurableLogic<Input, E> {
  const runs = new WeakMap<AnyActorRef, Run<E, F>>();
  const runOf = (self: AnyActorRef): Run<E, F> => {
    const run = runs.get(self);
    if (!run) throw new Error('durable actor used before it was created');
    return run;
  };

  return {
    getInitialSnapshot({ self }, input) {
      const run = new Run(async () => create(input), self);
      runs.set(self, run);
      setLive(self, () => run.live);
      return { status: 'active', output: undefined, error: undefined, state: run.state, children: {} };
    },
    start(_snapshot, { self }) {
      void runOf(self).start();
    },
    transition(snapshot, event, { self, stopChild }) {
      const run = runOf(self);
      switch (event.type) {
        case STEPPED:
          return { ...snapshot, state: run.state, children: run.children() };
        case FINISHED:
          run.stop(stopChild);
          return { status: 'done', output: undefined, error: undefined, state: run.state, children: {} };
        case FAILED:
          run.stop(stopChild);
          return { status: 'error', output: undefined, error: run.error, state: run.state, children: {} };
        case STOP:
          run.stop(stopChild);
          return { status: 'stopped', output: undefined, error: undefined, state: run.state, children: {} };
        default:
          run.receive(event);
          return snapshot;
      }
    },
    getPersistedSnapshot: (snapshot) => snapshot,
  };
}

export type DurableSnapshot = Snapshot<undefined> & {
  readonly state: string;
  readonly children: Readonly<Record<string, AnyActorRef>>;
};

export type DurableLogic<Input, E extends EventObject> = ActorLogic<DurableSnapshot, E | EventObject, Input>;
