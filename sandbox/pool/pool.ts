import { type GuestCall, type GuestOutcome, NO_REPORT } from './call.ts';
import { slotsWanted } from './demand.ts';
import { createCallQueue } from './queue.ts';
import type { Slot } from './slot.ts';

export interface SlotPoolOptions {
  /** Slots to keep ready without load. */
  readonly minSlots?: number;
  readonly maxSlots?: number;
  /** Calls that may wait; the next is refused. */
  readonly maxQueue?: number;
  /** Suspended calls that a slot may have. */
  readonly maxSuspended?: number;
  /** How long a slot must have been idle before it may leave. */
  readonly retireAfterMs?: number;
}

/** Shares calls out among slots that somebody else owns. */
export interface SlotPool {
  /** Never rejects. */
  run(call: GuestCall): Promise<GuestOutcome>;
  /** Lets a slot take part from its `ready` on, until it ends. */
  add(slot: Slot): void;
  /** How many slots the load asks for now, between the minimum and the maximum. */
  demand(): number;
  /** Calls back when the demand has changed. Returns what ends that. */
  onDemand(listener: () => void): () => void;
  /** Whether a slot has been idle for long and is not needed: its owner may close it. */
  mayRetire(slot: Slot): boolean;
}

/** How often the load is looked at while there is any, in milliseconds. */
const LOOK_MS = 50;

/** Components remembered as having been killed for their deadline. */
const MAX_CULPRITS = 256;

interface Place {
  readonly slot: Slot;
  state: ReturnType<Slot['state']>;
  /** When it entered its state, milliseconds of `performance.now()`. */
  since: number;
  /** It runs a call that must be alone. */
  isReserved: boolean;
}

/**
 * A slot computes at most one call, so far as the pool can choose: a new call goes to an idle slot, best to one that
 * has its component loaded; else to one whose calls all wait for their host; else it waits. A component that was once
 * killed for its deadline gets a slot for itself. O(slots) for each call, O(slots x queue) where such calls wait.
 */
export function createSlotPool({
  minSlots = 0,
  maxSlots = 8,
  maxQueue = 256,
  maxSuspended = 32,
  retireAfterMs = 30_000,
}: SlotPoolOptions = {}): SlotPool {
  const places = new Map<Slot, Place>();
  const culprits = new Set<string>();
  const listeners = new Set<() => void>();
  let demand = minSlots;
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    const now = performance.now();
    const [oldest] = queue.waiting();
    const load = {
      slots: [...places.keys()],
      computingFor: (slot: Slot) => computingFor(places.get(slot), now),
      isWaiting: oldest !== undefined,
      longestWait: oldest ? now - oldest.since : 0,
    };
    const wanted = slotsWanted(load, { minSlots, maxSlots });
    keepLooking(queue.size() > 0 || load.slots.some((slot) => slot.state() === 'computing'));
    // Slots that are missing are asked for again: whoever starts them may have been restarted meanwhile.
    if (wanted === demand && wanted <= load.slots.length) return;
    demand = wanted;
    for (const listener of listeners) listener();
  };
  const keepLooking = (isBusy: boolean): void => {
    if (!isBusy) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(look, LOOK_MS).unref();
  };
  const queue = createCallQueue(maxQueue, look);

  const placeFor = (call: GuestCall): Place | undefined => {
    const open = [...places.values()];
    const idle = open.filter(({ slot }) => slot.state() === 'idle');
    if (idle.length > 0) return idle.find(({ slot }) => slot.hasLoaded(call.artefact)) ?? idle[0];
    if (culprits.has(call.artefact.componentHash)) return undefined;
    return open.find(
      ({ slot, isReserved }) => !isReserved && slot.state() === 'waiting' && slot.calls() < maxSuspended,
    );
  };
  const runAt = (place: Place, call: GuestCall): Promise<GuestOutcome> => {
    place.isReserved = culprits.has(call.artefact.componentHash);
    return place.slot.run(call);
  };
  const canTakeAny = (): boolean =>
    [...places.keys()].some((slot) => slot.state() === 'idle' || slot.state() === 'waiting');
  const pump = (): void => {
    for (const queued of queue.waiting()) {
      if (!canTakeAny()) return;
      const place = placeFor(queued.call);
      if (place) queued.dispatch((call) => runAt(place, call));
    }
  };
  const changed = (place: Place): void => {
    const state = place.slot.state();
    if (state !== place.state) {
      place.state = state;
      place.since = performance.now();
    }
    if (queue.size() > 0) pump();
    keepLooking(queue.size() > 0 || place.state === 'computing' || timer !== undefined);
  };

  return {
    run(call) {
      if (call.signal.aborted) return Promise.resolve({ kind: 'cancelled', ...NO_REPORT });
      const place = queue.size() === 0 ? placeFor(call) : undefined;
      if (place) return runAt(place, call);
      const outcome = queue.push(call);
      pump();
      look();
      return outcome;
    },
    add(slot) {
      const place = { slot, state: slot.state(), since: performance.now(), isReserved: false };
      places.set(slot, place);
      slot.onChange(() => changed(place));
      void slot.ended.then(({ culprit }) => {
        places.delete(slot);
        if (culprit) remember(culprits, culprit);
        look();
      });
      changed(place);
    },
    demand: () => demand,
    onDemand(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    mayRetire(slot) {
      const place = places.get(slot);
      if (!place || slot.state() !== 'idle' || places.size <= demand) return false;
      return performance.now() - place.since >= retireAfterMs;
    },
  };
}

const computingFor = (place: Place | undefined, now: number): number =>
  place?.slot.state() === 'computing' ? now - place.since : 0;

function remember(culprits: Set<string>, culprit: string): void {
  culprits.delete(culprit);
  culprits.add(culprit);
  const [oldest] = culprits;
  if (culprits.size > MAX_CULPRITS && oldest !== undefined) culprits.delete(oldest);
}
