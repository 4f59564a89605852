import {
  Actor,
  type AnyActorRef,
  type AnyTransitionDefinition,
  type EventObject,
  type InspectionEvent,
  isMachineSnapshot,
} from 'xstate';
import { contextOf } from '../context.ts';
import type { Moved } from '../durable/process.ts';
import { incarnationOf, pathOf } from '../process/identity.ts';
import { guarded } from '../process/listener.ts';
import { describeState, describeValue } from '../process/state.ts';
import { transitionId } from './chart.ts';
import { takenBy } from './pure-step.ts';

/** Something that happened in a tree, as it happened: nothing is redacted yet. */
export type RuntimeFact =
  | TransitionFact
  | {
      readonly kind: 'message';
      /** Path of the sender; undefined: from outside of the tree. */
      readonly from: string | undefined;
      readonly to: string;
      readonly event: EventObject;
    }
  /** An actor came to life. */
  | { readonly kind: 'born'; readonly actor: string };

export interface TransitionFact {
  readonly kind: 'transition';
  readonly ref: AnyActorRef;
  readonly actor: string;
  readonly incarnation: number;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  /** As the chart of its machine names them. */
  readonly taken: readonly string[];
  readonly durationMs: number;
}

/**
 * Tells of every transition and message below a root, until the returned function is called. Nothing is attached
 * before and after. What `tell` throws is reported and harms nobody.
 */
export function recordSystem(root: AnyActorRef, tell: (fact: RuntimeFact) => void): () => void {
  const { runQueue } = contextOf(root.system);
  const recorder = createRecorder((fact) => guarded(root.system, () => tell(fact), undefined));
  runQueue.onVisit = recorder.visited;
  const subscription = root.system.inspect(recorder.seen);
  return () => {
    subscription.unsubscribe();
    if (runQueue.onVisit === recorder.visited) runQueue.onVisit = undefined;
  };
}

interface Recorder {
  visited(path: string): void;
  seen(event: InspectionEvent): void;
}

function createRecorder(tell: (fact: RuntimeFact) => void): Recorder {
  const states = new WeakMap<AnyActorRef, string>();
  const steps = new WeakMap<AnyActorRef, AnyTransitionDefinition[]>();
  let running: string | undefined;
  let began = 0;

  /** What is sent outside of any visit comes from outside; visits end with the macrotask. */
  function visited(path: string): void {
    if (running === undefined) queueMicrotask(() => (running = undefined));
    running = path;
    began = performance.now();
  }

  function message(ref: AnyActorRef, event: EventObject, source: AnyActorRef | undefined): void {
    if (!states.has(ref)) states.set(ref, describeState(ref));
    if (isInner(event)) return;
    if (running === undefined) began = performance.now();
    const from = source ? pathOf(source) : running;
    tell({ kind: 'message', from, to: pathOf(ref), event });
  }

  function settled(ref: AnyActorRef, event: EventObject, snapshot: unknown): void {
    if (isCommitted(event)) {
      tell(durableFact(ref, event));
      return;
    }
    if (!isMachineSnapshot(snapshot)) return;
    const taken = steps.get(ref) ?? [];
    const to = describeValue(snapshot.value);
    const from = states.get(ref) ?? startOf(taken) ?? to;
    const now = performance.now();
    steps.delete(ref);
    states.set(ref, to);
    if (taken.length > 0 || from !== to) {
      const ids = taken.flatMap((one) => transitionId(snapshot.machine, one) ?? []);
      tell({
        ...placeOf(ref),
        kind: 'transition',
        event: event.type,
        from,
        to,
        taken: ids,
        durationMs: now - began,
      });
    }
    began = now;
  }

  return {
    visited,
    seen(event) {
      const { actorRef: ref } = event;
      if (!isActor(ref)) return;
      switch (event.type) {
        case '@xstate.actor':
          // Where it stands in the tree is known only once it is made.
          queueMicrotask(() => tell({ kind: 'born', actor: pathOf(ref) }));
          break;
        case '@xstate.event':
          message(ref, event.event, isActor(event.sourceRef) ? event.sourceRef : undefined);
          break;
        case '@xstate.microstep':
          steps.set(ref, [...(steps.get(ref) ?? []), ...event._transitions]);
          break;
        case '@xstate.snapshot':
          settled(ref, event.event, event.snapshot);
          break;
      }
    },
  };
}

/** Of an actor that was at work when the recording began: where its way began, as far as the transitions tell. */
const startOf = (taken: readonly AnyTransitionDefinition[]): string | undefined =>
  taken[0]?.source.path.join('.') || undefined;

const placeOf = (ref: AnyActorRef) => ({ ref, actor: pathOf(ref), incarnation: incarnationOf(ref) });

function durableFact(ref: AnyActorRef, { moved, durationMs }: Committed): TransitionFact {
  const { event, before, after } = moved;
  const { machine } = before;
  return {
    ...placeOf(ref),
    kind: 'transition',
    event: event.type,
    from: describeValue(before.value),
    to: describeValue(after.value),
    taken: takenBy(machine, before, event),
    durationMs,
  };
}

/** What a durable actor tells itself when a step was committed. */
interface Committed extends EventObject {
  readonly moved: Moved;
  readonly durationMs: number;
}

const isCommitted = (event: EventObject): event is Committed =>
  event.type.startsWith(DURABLE) && 'moved' in event;

/** XState's types promise less of what an inspector is given than it gives. */
const isActor = (ref: unknown): ref is AnyActorRef => ref instanceof Actor;

const DURABLE = 'durable.';

/** What an actor says to itself in order to work at all. */
const isInner = ({ type }: EventObject): boolean =>
  type.startsWith(DURABLE) || type.startsWith('xstate.promise.') || type === 'xstate.init';
