import { signal } from '@preact/signals';
import type {
  InspectBatch,
  Pulse,
  SeenDeadLetter,
  SeenMessage,
  SeenTransition,
} from '../../../src/core/inspect.ts';
import type { TreeNode } from '../../../src/core/tree.ts';

/** Newest last; older ones are let go. */
const KEPT = 400;

export const tree = signal<TreeNode | undefined>(undefined);
/** Milliseconds since 1970 by the server's clock, at which `tree` was told. */
export const treeAt = signal(0);
export const transitions = signal<readonly SeenTransition[]>([]);
export const messages = signal<readonly SeenMessage[]>([]);
export const letters = signal<readonly SeenDeadLetter[]>([]);
export const pulses = signal<readonly Pulse[]>([]);
/** Records that were too many to be told, since the page was opened. */
export const dropped = signal(0);
export const isFollowing = signal(false);

/** Added to this browser's clock it is the server's. */
let offsetMs = 0;

export const serverNow = (): number => Date.now() + offsetMs;

const PULSES = 60;

/** Listens to the running system; `actor` is followed closely. Returns what ends it. */
export function follow(actor: string | undefined): () => void {
  const query = new URLSearchParams({ tree: '1', transitions: '1', messages: '1' });
  if (actor !== undefined) query.append('actor', actor);
  const source = new EventSource(`/api/inspect/events?${query}`);
  let waiting: InspectBatch[] = [];
  let frame = 0;
  const drain = () => {
    frame = 0;
    const batches = waiting;
    waiting = [];
    take(batches);
  };
  source.addEventListener('batch', ({ data }) => {
    waiting.push(JSON.parse(data));
    // However much comes in, the page is drawn once a frame.
    frame ||= requestAnimationFrame(drain);
  });
  source.onopen = () => {
    isFollowing.value = true;
  };
  source.onerror = () => {
    isFollowing.value = false;
  };
  return () => {
    cancelAnimationFrame(frame);
    source.close();
  };
}

function take(batches: readonly InspectBatch[]): void {
  for (const { pulse, dropped: lost } of batches) {
    if (lost > 0) dropped.value += lost;
    if (!pulse) continue;
    offsetMs = pulse.now - Date.now();
    pulses.value = [...pulses.value, pulse].slice(-PULSES);
  }
  const last = batches.findLast((batch) => batch.tree)?.tree;
  if (last) {
    tree.value = last;
    treeAt.value = serverNow();
  }
  transitions.value = added(
    transitions.value,
    batches.flatMap((batch) => batch.transitions),
  );
  messages.value = added(
    messages.value,
    batches.flatMap((batch) => batch.messages),
  );
  const fresh = batches.flatMap((batch) => batch.deadLetters);
  if (fresh.length > 0) letters.value = [...fresh.toReversed(), ...letters.value].slice(0, KEPT);
}

const added = <T>(known: readonly T[], fresh: readonly T[]): readonly T[] =>
  fresh.length === 0 ? known : [...known, ...fresh].slice(-KEPT);
