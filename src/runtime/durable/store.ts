import type { Json } from '../../core/json.ts';
import { ShutdownExit } from '../process/exit.ts';

/**
 * Where durable actors are kept. The runtime knows no database; whoever has one implements this port.
 *
 * @typeParam R what one journal entry records
 * @typeParam W a further row, in the store's own terms, that a step writes along
 */
export interface DurableStore<R extends JournalRow, W> {
  /**
   * Begins a new life of the actor: from here on every older life is fenced off. An actor that is not there yet
   * begins without a snapshot and with an empty journal.
   *
   * Rejects with `FencedError` where a newer epoch owns the actor, and with `UnsupportedVersionError` where its
   * snapshot was stored in a newer version; either way nothing has changed.
   *
   * @param version of the machine; steps are stored in it
   */
  open(key: string, version: number): Promise<OpenedActor<R, W>>;
  /**
   * The first life of an actor that is not there yet: nothing is asked of the store before its first step, which puts it
   * there. Where somebody else was sooner, that step is rejected with `FencedError`.
   */
  create(key: string, version: number): OpenedActor<R, W>;
}

/** What an actor finds when it comes to life. */
export interface OpenedActor<R extends JournalRow, W> {
  readonly journal: ActorJournal<R, W>;
  /** The machine at rest after the last step; null where there is no work left. */
  readonly snapshot: object | null;
  /** The machine's version that the snapshot was stored in. */
  readonly version: number;
  /** Effects without an outcome, oldest first. */
  readonly openEffects: readonly IntendedEffect[];
  /** What an earlier life crashed on since the last step, as far as it could still say so. */
  readonly crash: Crash | null;
}

/**
 * The right to write one actor's journal, for one life of it. Steps are written one after another. A step of a life
 * that has been replaced writes nothing and is rejected with `FencedError`.
 */
export interface ActorJournal<R extends JournalRow, W> {
  readonly key: string;
  /** Number of the last entry. */
  readonly seq: number;
  /**
   * Commits one step, all of it or nothing, and resolves when it is on disk. `plan` is told the number of the step's
   * first entry, from which effect ids are made.
   *
   * @param coming told, once the store has it in hand, what will be there if it commits. Must not throw.
   */
  commit<S extends Step<R, W>>(
    plan: (firstSeq: number) => S,
    coming?: (step: CommittedStep<R, S>) => void,
  ): Promise<CommittedStep<R, S>>;
  /** Counts that this life tries to go on with what earlier ones left open. Resolves with the tries since the last step. */
  attempt(): Promise<number>;
  /**
   * Notes what this life crashes on. Does nothing where `error` says that the store itself was in trouble, which is
   * nobody's fault, or where the life has been replaced.
   */
  crashed(crash: Crash, error: unknown): Promise<void>;
}

/** What a journal entry is made from. */
export interface JournalRow {
  readonly type: string;
}

/** An entry with its place (from 1, without gaps) and its time (ISO 8601). */
export type Entry<R extends JournalRow> = { readonly seq: number; readonly at: string } & R;

export interface CommittedStep<R extends JournalRow, S> {
  readonly step: S;
  /** Its records, as they now stand in the journal. */
  readonly entries: readonly Entry<R>[];
}

/** All that is written when an actor takes in one event. */
export interface Step<R extends JournalRow, W> {
  readonly records: readonly R[];
  /** The machine to restore from; null when there is no work left. */
  readonly snapshot: object | null;
  readonly intended?: readonly IntendedEffect[];
  /** Ids of effects that have an outcome now, or of which none is awaited any more. */
  readonly finished?: readonly string[];
  /**
   * Ids of inbox rows dealt with by this step. Where one of them was dealt with before, or was never accepted, the
   * step is rejected with `StaleInputError`; one that puts a crash aside takes them as they are.
   */
  readonly taken?: readonly string[];
  readonly replies?: readonly OutboxMessage[];
  /** Further rows that belong to the step. */
  readonly writes?: readonly W[];
  /** An event that is put aside, because the actor crashed on it again and again. */
  readonly parked?: Crash;
}

/**
 * What becomes of an effect that was begun and has no outcome when its actor or the whole process dies:
 * - `pure`: reads only, or computes; run again;
 * - `idempotent`: running it twice under the same id is running it once; run again;
 * - `once`: may have happened; never run again by itself, the machine is told and decides.
 */
export type EffectClass = 'pure' | 'idempotent' | 'once';

export interface IntendedEffect {
  /** `actor key:seq:place`: the same in every life, so it can serve as idempotency key. */
  readonly id: string;
  readonly kind: string;
  readonly class: EffectClass;
  readonly request: Json;
}

export interface OutboxMessage {
  readonly id: string;
  readonly channel: string;
  readonly payload: Json;
}

/** An event that an actor crashed on. */
export interface Crash {
  readonly event: { readonly type: string };
  /** Ids of the inbox rows that the event came from. */
  readonly inputs: readonly string[];
  /** The effect whose outcome, or whose death, it was. */
  readonly effectId: string | null;
  /** What was thrown, with its stack. */
  readonly error: string;
}

/** Another life of the same actor has taken over; this one must stop, and leaves the work to that one. */
export class FencedError extends ShutdownExit {
  override readonly name = 'FencedError';

  constructor(key: string) {
    super(`${key} has been taken over by another incarnation`);
  }
}

/**
 * Something that the step takes in was dealt with before: it was offered again, by somebody who could not know. Nothing
 * was written, and there is nothing left to do about it.
 */
export class StaleInputError extends Error {
  override readonly name = 'StaleInputError';

  constructor(key: string) {
    super(`${key} was offered an input that had been dealt with before`);
  }
}

/** The stored state of an actor fits no version of its machine that this program knows. */
export class UnsupportedVersionError extends ShutdownExit {
  override readonly name = 'UnsupportedVersionError';

  /** @param known the versions that can be gone on with, as text */
  constructor(key: string, stored: number, known: string, options?: ErrorOptions) {
    const advice =
      'It was left as it is. Start the program that stored it, or a newer one, and let it finish its work there.';
    super(
      `${key} cannot go on: its state was stored in version ${stored}, and this program knows ${known}. ${advice}`,
      options,
    );
  }
}
