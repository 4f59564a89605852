import type { SeenTransition } from '../../src/core/inspect.ts';
import { createRing, type Ring } from './ring.ts';

/** The transitions that were seen: the latest of each actor, and the slowest of all. */
export interface FeedMemory {
  add(transition: SeenTransition): void;
  of(path: string): readonly SeenTransition[];
  slowest(): readonly SeenTransition[];
}

const OF_EACH_ACTOR = 500;
/** Of all actors together; the actors that were quiet longest are forgotten first. */
const OF_ALL = 10_000;
const SLOWEST = 10;

export function createMemory(): FeedMemory {
  const rings = new Map<string, { readonly ring: Ring<SeenTransition>; size: number }>();
  let total = 0;
  let slowest: readonly SeenTransition[] = [];

  function noteSlow(transition: SeenTransition): void {
    const least = slowest.at(-1);
    if (least && slowest.length === SLOWEST && least.durationMs >= transition.durationMs) return;
    slowest = [...slowest, transition].sort((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST);
  }

  function forgetQuiet(): void {
    const [quiet] = rings;
    if (total <= OF_ALL || !quiet || rings.size === 1) return;
    rings.delete(quiet[0]);
    total -= quiet[1].size;
  }

  return {
    add(transition) {
      const { actor } = transition;
      const kept = rings.get(actor) ?? { ring: createRing<SeenTransition>(OF_EACH_ACTOR), size: 0 };
      kept.ring.add(transition);
      if (kept.size < OF_EACH_ACTOR) {
        kept.size++;
        total++;
      }
      // At the end of the map stands who spoke last.
      rings.delete(actor);
      rings.set(actor, kept);
      noteSlow(transition);
      forgetQuiet();
    },
    of: (path) => rings.get(path)?.ring.items() ?? [],
    slowest: () => slowest,
  };
}
