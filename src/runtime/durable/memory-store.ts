import type {
  ActorJournal,
  Crash,
  DurableStore,
  Entry,
  IntendedEffect,
  JournalRow,
  OpenedActor,
  OutboxMessage,
  Step,
} from './store.ts';
import { FencedError, StaleInputError, UnsupportedVersionError } from './store.ts';

/** What a store has of one actor. */
interface StoredActor<R extends JournalRow> {
  life: number;
  version: number;
  snapshot: string | null;
  crash: Crash | null;
  attempts: number;
  readonly journal: Entry<R>[];
  readonly effects: Map<string, IntendedEffect>;
  readonly replies: OutboxMessage[];
  readonly notes: string[];
  readonly deadLetters: { readonly seq: number; readonly event: Crash['event']; readonly error: string }[];
}

/** What becomes of the commit with that number, counted from 1 over the whole store. */
export interface Fault {
  readonly at: number;
  /** `before`: it is not written; `after`: it is, but nobody is told so. */
  readonly when: 'before' | 'after';
  readonly error?: Error;
}

/** Trouble of the store itself; no actor is blamed for it. */
export class StoreTrouble extends Error {}

/**
 * A durable store in memory, for tests of durable actors: it survives the actors, not the process, and fails on
 * request. A further row of a step is a note, any text.
 *
 * @typeParam R what one journal entry records
 * @typeParam E what waits in its inbox
 */
export class MemoryStore<R extends JournalRow, E> implements DurableStore<R, string> {
  /** Accepted and not dealt with yet, oldest first. */
  readonly inbox = new Map<string, E>();
  commits = 0;
  /** Commits are written once this has resolved. */
  gate = Promise.resolve();
  fault: Fault | undefined;
  readonly #actors = new Map<string, StoredActor<R>>();
  /** Inputs that a step has taken in. */
  readonly #dealtWith = new Set<string>();

  async open(key: string, version: number): Promise<OpenedActor<R, string>> {
    const actor = this.#actors.get(key) ?? newActor<R>(version);
    if (actor.snapshot !== null && actor.version > version) {
      throw new UnsupportedVersionError(key, actor.version, `versions up to ${version}`);
    }
    this.#actors.set(key, actor);
    return this.#opened(key, actor, version);
  }

  create(key: string, version: number): OpenedActor<R, string> {
    return this.#opened(key, newActor<R>(version), version);
  }

  #opened(key: string, actor: StoredActor<R>, version: number): OpenedActor<R, string> {
    actor.life++;
    return {
      journal: this.#journal(key, actor, version),
      snapshot: actor.snapshot === null ? null : JSON.parse(actor.snapshot),
      version: actor.version,
      openEffects: [...actor.effects.values()],
      crash: actor.crash,
    };
  }

  /** One that was created is there from its first step on, unless somebody else was sooner. */
  #place(key: string, actor: StoredActor<R>): StoredActor<R> {
    const there = this.#actors.get(key) ?? actor;
    this.#actors.set(key, there);
    return there;
  }

  actor(key: string): StoredActor<R> {
    const actor = this.#actors.get(key);
    if (!actor) throw new Error(`nobody opened ${key}`);
    return actor;
  }

  #journal(key: string, actor: StoredActor<R>, version: number): ActorJournal<R, string> {
    const { life } = actor;
    const fence = (): void => {
      if (this.#place(key, actor) !== actor || actor.life !== life) throw new FencedError(key);
    };
    return {
      key,
      get seq() {
        return actor.journal.length;
      },
      commit: async (plan, coming) => {
        const step = plan(actor.journal.length + 1);
        coming?.({ step, entries: entriesOf(step, actor.journal.length + 1) });
        const fault = ++this.commits === this.fault?.at ? this.fault : undefined;
        await this.gate;
        fence();
        if (!step.parked && step.taken?.some((id) => this.#dealtWith.has(id))) throw new StaleInputError(key);
        if (fault?.when === 'before') throw fault.error ?? new Error('the commit failed');
        const entries = this.#write(actor, version, step);
        if (fault?.when === 'after') throw fault.error ?? new Error('the commit was not acknowledged');
        return { step, entries };
      },
      async attempt() {
        fence();
        return ++actor.attempts;
      },
      crashed: async (crash, error) => {
        if (error instanceof StoreTrouble) return;
        if (this.#place(key, actor) === actor && actor.life === life) actor.crash = crash;
      },
    };
  }

  #write(actor: StoredActor<R>, version: number, step: Step<R, string>): readonly Entry<R>[] {
    const first = actor.journal.length + 1;
    if (step.parked) actor.deadLetters.push({ ...step.parked, seq: first - 1 });
    const entries = entriesOf(step, first);
    actor.journal.push(...entries);
    Object.assign(actor, { version, crash: null, attempts: 0 });
    actor.snapshot = step.snapshot === null ? null : JSON.stringify(step.snapshot);
    for (const effect of step.intended ?? []) insert(actor.effects, effect);
    for (const effectId of step.finished ?? []) actor.effects.delete(effectId);
    for (const inboxId of step.taken ?? []) {
      this.inbox.delete(inboxId);
      this.#dealtWith.add(inboxId);
    }
    actor.replies.push(...(step.replies ?? []));
    actor.notes.push(...(step.writes ?? []));
    return entries;
  }
}

const AT = '2026-01-02T03:04:05.678Z';

function entriesOf<R extends JournalRow>({ records }: Step<R, string>, first: number): readonly Entry<R>[] {
  return records.map((record, place) => ({ seq: first + place, at: AT, ...record }));
}

function insert(effects: Map<string, IntendedEffect>, effect: IntendedEffect): void {
  if (effects.has(effect.id)) throw new Error(`there is an effect ${effect.id} already`);
  effects.set(effect.id, effect);
}

function newActor<R extends JournalRow>(version: number): StoredActor<R> {
  return {
    life: 0,
    version,
    snapshot: null,
    crash: null,
    attempts: 0,
    journal: [],
    effects: new Map(),
    replies: [],
    notes: [],
    deadLetters: [],
  };
}
