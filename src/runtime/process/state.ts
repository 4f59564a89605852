import { type AnyActorRef, isMachineSnapshot } from 'xstate';

/** What an actor is doing, for people: its statechart's state, or the field `state` of its snapshot. */
export function describeState(ref: AnyActorRef): string {
  const snapshot: unknown = ref.getSnapshot();
  if (isMachineSnapshot(snapshot)) return describeValue(snapshot.value);
  if (snapshot instanceof Object && 'state' in snapshot && typeof snapshot.state === 'string') {
    return snapshot.state;
  }
  return 'running';
}

/** `acting.calling`; the regions of a parallel state are listed, as in `input.open, output.idle`. */
export function describeValue(value: unknown): string {
  if (!(value instanceof Object)) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => (isLeaf(inner) ? key : `${key}.${describeValue(inner)}`))
    .join(', ');
}

/** A region without states of its own. */
function isLeaf(value: unknown): boolean {
  return value instanceof Object && Object.keys(value).length === 0;
}
