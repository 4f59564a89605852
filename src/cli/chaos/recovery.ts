import { type Actor, type Census, isAtWork, lineageOf, nearest } from './census.ts';
import type { Fault } from './fault.ts';

/** A fault that was put into the tree. */
export interface Wound {
  readonly kind: Fault['kind'];
  readonly path: string;
  /** Milliseconds from the start of the run. */
  readonly atMs: number;
  /** Milliseconds until what stood there was back at work; null while it is not. */
  recoveredMs: number | null;
}

interface Suffering {
  readonly wound: Wound;
  readonly lineage: string;
  readonly delayMs: number;
  /** What was there at the fault has been seen to be gone. */
  changed: boolean;
}

/**
 * Follows each fault until it has healed:
 * - after a crash or a hang, once the life that was hit is over and its successor is at work. An actor that does not
 *   come back, because it was made for one piece of work, has healed once the one above it is at work;
 * - after a delay, once that time is over and nothing waits in the mailbox any more.
 */
export class RecoveryWatch {
  readonly wounds: Wound[] = [];
  #suffering: Suffering[] = [];

  /** Paths of the faults that have not healed. */
  get open(): readonly string[] {
    return this.#suffering.map(({ wound }) => wound.path);
  }

  /** Those of them that have been so since this moment or longer. */
  openSince(moment: number): readonly Wound[] {
    return this.#suffering.map(({ wound }) => wound).filter(({ atMs }) => atMs <= moment);
  }

  /** @param certain false where the fault may not have happened: then nothing needs to change for it to heal */
  admit(actor: Actor, fault: Fault, atMs: number, certain: boolean): void {
    const wound: Wound = { kind: fault.kind, path: actor.node.path, atMs, recoveredMs: null };
    const delayMs = fault.kind === 'delay' ? fault.milliseconds : 0;
    this.wounds.push(wound);
    this.#suffering.push({
      wound,
      lineage: lineageOf(actor),
      delayMs,
      changed: !certain || fault.kind === 'delay',
    });
  }

  observe(census: Census, nowMs: number): void {
    for (const patient of this.#suffering) {
      const { wound, lineage } = patient;
      const actor = census.get(wound.path);
      patient.changed ||= !actor || lineageOf(actor) !== lineage;
      if (hasHealed(patient, census, nowMs)) wound.recoveredMs = nowMs - wound.atMs;
    }
    this.#suffering = this.#suffering.filter(({ wound }) => wound.recoveredMs === null);
  }
}

function hasHealed({ wound, changed, delayMs }: Suffering, census: Census, nowMs: number): boolean {
  const actor = nearest(census, wound.path);
  if (!actor || !changed || nowMs < wound.atMs + delayMs) return false;
  const waits = wound.kind === 'delay' && actor.node.path === wound.path && actor.node.mailbox > 0;
  return !waits && isAtWork(actor);
}
