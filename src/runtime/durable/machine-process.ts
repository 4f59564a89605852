import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { coerceError } from '../../core/errors.ts';
import type { AnyDeclaration, AnyInput, AnyTypes } from './declaration.ts';
import type { Continuation, DurableProcess, Effect, LiveMachine } from './process.ts';
import { accepts, atRest, initialState, move } from './statechart.ts';
import {
  type AnyEffect,
  type MachineFact,
  type MachineStep,
  meaningOf,
  planDiscard,
  planParking,
  planRefusal,
  planStep,
  type Standing,
} from './step-plan.ts';
import {
  type ActorJournal,
  type CommittedStep,
  type Crash,
  type JournalRow,
  type OpenedActor,
  StaleInputError,
} from './store.ts';

const MAX_CRASHES = 4;
const MAX_REVIVALS = 3;

/** One life of a declared machine: takes facts in, commits what follows, and knows which effects are open. */
export class MachineProcess implements DurableProcess<EventObject, MachineFact> {
  readonly #declaration: AnyDeclaration;
  readonly #input: AnyInput;
  readonly #journal: ActorJournal<JournalRow, unknown>;
  readonly #crash: Crash | null;
  readonly #open: Map<string, AnyEffect>;
  readonly #deaths = new Map<string, number>();
  #snapshot: AnyMachineSnapshot;
  #stored: object | null;

  /** @param restored the stored state as a snapshot, where something is stored */
  constructor(
    declaration: AnyDeclaration,
    input: AnyInput,
    opened: OpenedActor<JournalRow, unknown>,
    restored: AnyMachineSnapshot | undefined,
  ) {
    this.#declaration = declaration;
    this.#input = input;
    this.#journal = opened.journal;
    this.#crash = opened.crash;
    this.#stored = restored ? opened.snapshot : null;
    this.#snapshot = restored ?? freshState(declaration, input, opened.journal.key);
    this.#open = new Map(opened.openEffects.map(asOpen));
  }

  get state(): string {
    return String(this.#snapshot.value);
  }

  get live(): LiveMachine {
    return { machine: this.#declaration.machine, snapshot: this.#snapshot };
  }

  async begin(): Promise<Continuation<MachineFact>> {
    if (this.#hasFinished()) return { done: true };
    return this.#confessing({ event: { type: 'actor.began' } }, () => this.#goOn());
  }

  factOf(event: EventObject): MachineFact {
    return { event };
  }

  step(fact: MachineFact): Promise<Continuation<MachineFact>> {
    return this.#confessing(fact, () => this.#take(fact));
  }

  async effectDied(effectId: string, error: unknown): Promise<Continuation<MachineFact>> {
    const effect = this.#open.get(effectId);
    if (!effect) return {};
    const { kind } = effect;
    const deaths = (this.#deaths.get(effectId) ?? 0) + 1;
    this.#deaths.set(effectId, deaths);
    const { troubled, maxRevivals = MAX_REVIVALS } = this.#declaration;
    troubled?.({ type: 'effect-died', effectId, kind, deaths, error }, this.#input.scope);
    const event = { type: 'effect.died', kind };
    return this.#confessing({ event, effectId }, async () => {
      if (deaths > maxRevivals) throw coerceError(error);
      return this.#carryOn(effectId, effect);
    });
  }

  #hasFinished(): boolean {
    return this.#stored === null && this.#journal.seq > 0 && !this.#input.fresh?.again;
  }

  /** What an earlier life left open counts as a try, so that what kills every life is found out. */
  async #goOn(): Promise<Continuation<MachineFact>> {
    if (this.#open.size > 0 || this.#crash) {
      const tries = await this.#journal.attempt();
      if (tries >= (this.#declaration.maxCrashes ?? MAX_CRASHES)) return this.#park(tries);
    }
    if (this.#stored !== null) return this.#carryOnAll([...this.#open]);
    const event = this.#input.fresh?.event;
    return event ? { facts: [{ event }] } : {};
  }

  async #take(fact: MachineFact): Promise<Continuation<MachineFact>> {
    const declaration = this.#declaration;
    // A late outcome has no place any more.
    if (fact.effectId !== undefined && !this.#open.has(fact.effectId)) return {};
    const view = { context: this.#snapshot.context, scope: this.#input.scope };
    const event: EventObject = declaration.perceive?.(fact.event, view) ?? fact.event;
    if (!accepts(this.#snapshot, event)) return this.#refuse(fact);
    const moved = move(declaration.machine, this.#snapshot, event);
    const plan = (firstSeq: number) =>
      planStep(declaration, { ...fact, event }, moved, this.#standing(), firstSeq);
    return this.#commitUnlessStale(plan, moved.next, event);
  }

  async #refuse(fact: MachineFact): Promise<Continuation<MachineFact>> {
    const step = planRefusal(this.#declaration, fact, this.#standing());
    if (step.finished.length === 0 && step.taken?.length === 0) return {};
    return this.#commitUnlessStale(() => step, this.#snapshot);
  }

  /**
   * An input that was dealt with before, by an earlier life, is as good as none; a machine that it was to begin with is
   * over before it began.
   */
  async #commitUnlessStale(
    plan: (firstSeq: number) => MachineStep,
    next: AnyMachineSnapshot,
    event?: EventObject,
  ): Promise<Continuation<MachineFact>> {
    try {
      return await this.#commit(plan, next, event);
    } catch (error) {
      if (!(error instanceof StaleInputError)) throw error;
      return { done: this.#stored === null };
    }
  }

  /** Puts the step that crashes every life aside. A machine that was not even begun, or cannot be told, is let go. */
  async #park(crashes: number): Promise<Continuation<MachineFact>> {
    const { scope } = this.#input;
    const letter = this.#letter();
    this.#declaration.troubled?.({ type: 'parked', key: this.#journal.key, crashes, letter }, scope);
    const told = this.#stored === null ? undefined : this.#tell(letter, crashes);
    const left = [...this.#open].filter(([id]) => !told?.step.finished.includes(id));
    if (told) {
      const next = await this.#commit(() => told.step, told.next);
      return next.done ? next : merged([next, this.#carryOnAll(left)]);
    }
    const step = planDiscard(this.#declaration, letter, this.#standing());
    return { ...(await this.#commit(() => step, this.#snapshot)), done: true };
  }

  #tell(letter: Crash, crashes: number): { step: MachineStep; next: AnyMachineSnapshot } | undefined {
    const { machine, parked } = this.#declaration;
    try {
      const event: EventObject = parked(crashes);
      const moved = move(machine, this.#snapshot, event);
      const told = { event, move: moved };
      // Nobody else writes in this life before it has begun, so the next number is known.
      const firstSeq = this.#journal.seq + 1;
      return {
        step: planParking(this.#declaration, letter, told, this.#standing(), firstSeq),
        next: moved.next,
      };
    } catch {
      return undefined;
    }
  }

  #letter(): Crash {
    const { fresh } = this.#input;
    const { event, inputs, effectId, error } = this.#crash ?? UNTOLD;
    const begun =
      this.#stored === null && fresh?.event ? (this.#declaration.inputsOf?.(fresh.event) ?? []) : [];
    return { event, inputs: [...new Set([...inputs, ...begun])], effectId, error };
  }

  async #commit(
    plan: (firstSeq: number) => MachineStep,
    next: AnyMachineSnapshot,
    event?: EventObject,
  ): Promise<Continuation<MachineFact>> {
    const { step, entries } = await this.#write(plan);
    const before = this.#snapshot;
    this.#snapshot = next;
    this.#stored = step.rests ? atRest(next) : step.snapshot;
    for (const effectId of step.finished) this.#open.delete(effectId);
    for (const [effectId, effect] of step.begun) this.#open.set(effectId, effect);
    this.#declaration.committed?.({ entries, replies: step.replies }, this.#input.scope);
    return {
      effects: [...step.begun].map(([effectId, effect]) => this.#effect(effectId, effect)),
      dropped: step.finished,
      done: next.status === 'done',
      ...(event && { moved: { event, before, after: next } }),
    };
  }

  /** The store is given its time to begin; where it has finished before that, there is nothing to be gained. */
  async #write(plan: (firstSeq: number) => MachineStep): Promise<CommittedStep<JournalRow, MachineStep>> {
    let preparing: NodeJS.Immediate | undefined;
    try {
      return await this.#journal.commit(plan, (coming) => {
        preparing = setImmediate(() => this.#prepare(coming));
      });
    } finally {
      clearImmediate(preparing);
    }
  }

  #prepare({ step, entries }: CommittedStep<JournalRow, MachineStep>): void {
    for (const [id, { kind, params }] of step.begun) {
      try {
        const { scope } = this.#input;
        meaningOf(this.#declaration, { type: kind }).prepare?.(params, { id, scope }, entries);
      } catch {
        // It begins unprepared, and what is wrong shows there.
      }
    }
  }

  #carryOnAll(effects: readonly (readonly [string, AnyEffect])[]): Continuation<MachineFact> {
    return merged(effects.map(([effectId, effect]) => this.#carryOn(effectId, effect)));
  }

  /** An effect that was begun before: again where that does no harm, else the machine decides. */
  #carryOn(effectId: string, effect: AnyEffect): Continuation<MachineFact> {
    if (effect.class !== 'once') return { effects: [this.#effect(effectId, effect)] };
    const { unknown } = meaningOf(this.#declaration, { type: effect.kind });
    if (!unknown) throw new Error(`"${effect.kind}" does not say what follows from an unknown outcome`);
    const event = unknown(effect.params, { id: effectId, scope: this.#input.scope });
    return { facts: [{ event, effectId }] };
  }

  #effect(effectId: string, { kind, params }: AnyEffect): Effect {
    const { start, progress } = meaningOf(this.#declaration, { type: kind });
    if (!start) throw new Error(`"${kind}" does not say who carries it out`);
    const actor = start(params, { id: effectId, scope: this.#input.scope });
    return { effectId, ...actor, ...(progress ? { progress } : {}) };
  }

  #standing(): Standing {
    const { key } = this.#journal;
    return {
      key,
      snapshot: this.#snapshot,
      stored: this.#stored,
      open: this.#open,
      scope: this.#input.scope,
    };
  }

  /** Whatever this throws is noted as what this life crashed on. */
  async #confessing<Result>(fact: MachineFact, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      await this.#confess(fact, error);
      throw error;
    }
  }

  async #confess({ event, effectId }: MachineFact, error: unknown): Promise<void> {
    const { stack, message } = coerceError(error);
    try {
      const inputs = this.#declaration.inputsOf?.(event) ?? [];
      const crash = { event, inputs, effectId: effectId ?? null, error: stack ?? message };
      await this.#journal.crashed(crash, error);
    } catch {
      // The actor fails with the error itself, which is the one to tell of.
    }
  }
}

/** The process ended so suddenly that no life could say what of. */
const UNTOLD: Crash = {
  event: { type: 'process.ended' },
  inputs: [],
  effectId: null,
  error: 'The process ended each time while this was in progress.',
};

function freshState({ machine }: AnyDeclaration, { fresh }: AnyInput, key: string): AnyMachineSnapshot {
  if (!fresh) throw new Error(`${key} has nothing stored to go on with, and was not told how to begin`);
  return initialState(machine, fresh.input);
}

/** As `planStep` wrote it. */
function asOpen({ id, kind, class: effectClass, request }: OpenedEffect): readonly [string, AnyEffect] {
  const params = request instanceof Object && 'params' in request ? request.params : undefined;
  return [id, { kind, class: effectClass, params }];
}

type OpenedEffect = OpenedActor<JournalRow, AnyTypes['write']>['openEffects'][number];

function merged(parts: readonly Continuation<MachineFact>[]): Continuation<MachineFact> {
  return {
    facts: parts.flatMap(({ facts = [] }) => facts),
    effects: parts.flatMap(({ effects = [] }) => effects),
    dropped: parts.flatMap(({ dropped = [] }) => dropped),
  };
}
