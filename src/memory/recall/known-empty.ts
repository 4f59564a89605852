import type { Memory } from '../memory.ts';

/** A change is prepared before it commits: a look within that time may have come too early. */
const UNSETTLED_MS = 120_000;
/** Another process on the same database may write to memory as well. */
const LONGEST_MS = 300_000;

const looks = new WeakMap<Memory, number>();

/** Which memories hold nothing at all, so that nobody searches them turn after turn. */
export const knownEmpty = {
  isEmpty(memory: Memory, now: number): boolean {
    const at = looks.get(memory);
    return at !== undefined && at > memory.changedAt() + UNSETTLED_MS && now < at + LONGEST_MS;
  },
  /** Looks whether anything is there. */
  async look(memory: Memory, now: number): Promise<void> {
    if ((await memory.tree('', 1)).length === 0) looks.set(memory, now);
    else looks.delete(memory);
  },
};
