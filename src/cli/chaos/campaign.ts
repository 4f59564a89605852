import { coerceError } from '../../core/errors.ts';
import { type Actor, type Census, censusOf } from './census.ts';
import type { Fault, FaultKind, Subject, Time } from './fault.ts';
import { createPathTest, type PathFilter } from './path-filter.ts';
import { createRandom, type Random } from './random.ts';
import { RecoveryWatch, type Wound } from './recovery.ts';
import { bearable, candidates, type VictimRules } from './victims.ts';

/** What is to be done to a tree. */
export interface Plan {
  readonly faults: number;
  /** Faults a second, on average. */
  readonly rate: number;
  /** Decides instants, victims and kinds: the same seed makes the same choices among the same actors. */
  readonly seed: number;
  readonly kinds: readonly FaultKind[];
  readonly paths: PathFilter;
  /** False: no supervisor is given more to restart within its period than its intensity allows. */
  readonly merciless: boolean;
}

export interface CampaignOptions {
  readonly subject: Subject;
  readonly time: Time;
  /** Milliseconds between two looks at the tree; the resolution of recovery times. */
  readonly lookEveryMs: number;
  /** Ends the campaign early. */
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface Course {
  readonly wounds: readonly Wound[];
  readonly elapsedMs: number;
  /** What did not go as it should, a sentence each. */
  readonly problems: readonly string[];
}

/** How long a fault may take to heal. */
const RECOVERY_LIMIT_MS = 60_000;
/** How long there may be nobody to choose before the rest of the faults is given up. */
const NOBODY_LIMIT_MS = 30_000;
const SHORTEST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 500;

/** Puts faults into a tree, one after the other, and follows each until it has healed. Never rejects. */
export async function runCampaign(plan: Plan, options: CampaignOptions): Promise<Course> {
  return new Campaign(plan, options).run();
}

class Campaign {
  readonly #plan: Plan;
  readonly #options: CampaignOptions;
  readonly #random: Random;
  readonly #rules: VictimRules;
  readonly #watch = new RecoveryWatch();
  readonly #startedAt: number;
  /** What is known to be in vain, as `hang PATH`. */
  readonly #vain = new Set<string>();
  readonly #problems: string[] = [];
  #nextAt: number;
  #lastChoiceAt = 0;

  constructor(plan: Plan, options: CampaignOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#random = createRandom(plan.seed);
    this.#rules = { mayChoose: createPathTest(plan.paths), merciless: plan.merciless };
    this.#startedAt = options.time.now();
    this.#nextAt = this.#gap();
  }

  async run(): Promise<Course> {
    try {
      while (!this.#isOver()) {
        await this.#look();
        await this.#options.time.wait(this.#options.lookEveryMs);
      }
    } catch (thrown) {
      const last = this.#watch.wounds.at(-1);
      const after = last ? ` after a ${last.kind} of ${last.path}` : '';
      this.#problems.push(`The tree could not be looked at any more${after}: ${coerceError(thrown).message}`);
    }
    return { wounds: this.#watch.wounds, elapsedMs: this.#now(), problems: this.#problems };
  }

  #isOver(): boolean {
    return this.#problems.length > 0 || (this.#left() === 0 && this.#watch.open.length === 0);
  }

  async #look(): Promise<void> {
    const census = censusOf(await this.#options.subject.tree());
    this.#watch.observe(census, this.#now());
    this.#noticeOverdue();
    if (this.#left() === 0 || this.#now() < this.#nextAt) return;
    const victim = this.#choose(census);
    if (victim) await this.#hit(victim);
  }

  #choose(census: Census): Actor | undefined {
    const suffering = this.#watch.open;
    const standing = candidates(census, suffering, this.#rules).filter(
      (actor) => this.#kindsFor(actor).length > 0,
    );
    if (standing.length > 0 || suffering.length > 0) this.#lastChoiceAt = this.#now();
    else this.#noticeNobody();
    return this.#random.pick(this.#rules.merciless ? standing : bearable(standing, census, suffering));
  }

  async #hit(victim: Actor): Promise<void> {
    const fault = this.#fault(this.#random.pick(this.#kindsFor(victim)) ?? 'crash');
    const atMs = this.#now();
    const inflicted = await this.#options.subject.inflict(victim.node.path, fault);
    if (inflicted === 'refused') {
      // Anything that is there can crash, so it has just gone; the other kinds are not for everybody.
      if (fault.kind !== 'crash') this.#vain.add(vanityOf(fault.kind, victim));
      return;
    }
    this.#watch.admit(victim, fault, atMs, inflicted === 'done');
    this.#nextAt = Math.max(this.#nextAt + this.#gap(), this.#now());
  }

  #kindsFor(victim: Actor): readonly FaultKind[] {
    return this.#plan.kinds.filter((kind) => !this.#vain.has(vanityOf(kind, victim)));
  }

  #fault(kind: FaultKind): Fault {
    if (kind !== 'delay') return { kind };
    const span = LONGEST_DELAY_MS - SHORTEST_DELAY_MS;
    return { kind, milliseconds: SHORTEST_DELAY_MS + this.#random.below(span) };
  }

  /** Milliseconds to the next fault: exponential, as between events that know nothing of each other. */
  #gap(): number {
    return (-Math.log(1 - this.#random.fraction()) * 1000) / this.#plan.rate;
  }

  #noticeOverdue(): void {
    for (const { kind, path } of this.#watch.openSince(this.#now() - RECOVERY_LIMIT_MS)) {
      this.#problems.push(`${path} was not back at work ${RECOVERY_LIMIT_MS / 1000} s after a ${kind}.`);
    }
  }

  #noticeNobody(): void {
    if (this.#now() < this.#lastChoiceAt + NOBODY_LIMIT_MS) return;
    const kinds = this.#plan.kinds.join(' or ');
    this.#problems.push(
      `For ${NOBODY_LIMIT_MS / 1000} s there was no actor to ${kinds}, so ${this.#left()} faults were not made. ` +
        'Look at the paths with: ironbark tree',
    );
  }

  #left(): number {
    return this.#options.signal?.aborted ? 0 : this.#plan.faults - this.#watch.wounds.length;
  }

  #now(): number {
    return this.#options.time.now() - this.#startedAt;
  }
}

/** The actors of one piece of work are numbered, as in `model-call#3`; what one cannot suffer none of them can. */
function vanityOf(kind: FaultKind, { node }: Actor): string {
  return `${kind} ${node.path.replaceAll(/#\d+/g, '')}`;
}
