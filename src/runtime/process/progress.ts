import type { AnyActorRef } from 'xstate';
import type { RuntimeClock } from '../context.ts';
import type { ProgressLimit } from '../supervisor/child-spec.ts';
import { mailboxOf, parentOf } from '../xstate/index.ts';
import { HungError } from './exit.ts';
import { guarded } from './listener.ts';
import { describeState } from './state.ts';

/**
 * A look that comes this many milliseconds late says that the event loop itself was blocked. Nobody could make
 * progress meanwhile, so nobody is blamed: the time starts anew. A blocked loop is the watchdog's affair.
 */
const LATE_MS = 250;

const watches = new WeakMap<AnyActorRef, ProgressWatch>();

/**
 * Watches that an actor makes progress, as `limit` defines it, until it has ended. Returns what ends the watch.
 *
 * Time counts from the actor's last progress, or from when it became busy if that was later; while it has nothing to
 * do none passes. `busy` is asked at once, with each snapshot, and when the time is up; it is taken to hold where it
 * throws (reported as `listener_error`). Messages that wait are looked for once per `within`, so an actor that takes
 * none is found after one to two times `within`; with the other measures it is found at `within`.
 *
 * @param onHung called once, on a timer of `clock`; the watch has ended then
 */
export function watchProgress(
  ref: AnyActorRef,
  limit: ProgressLimit,
  clock: RuntimeClock,
  onHung: (error: HungError) => void,
): () => void {
  const watch = new ProgressWatch(ref, limit, clock, onHung);
  watches.set(ref, watch);
  return () => watch.end();
}

/**
 * Says that an actor gets on, for those watched `by: 'signal'`. Callable from inside of any logic with its `self`: the
 * signal of an actor inside of another counts for the nearest one above it that is watched.
 */
export function reportProgress(ref: AnyActorRef): void {
  for (let at: AnyActorRef | undefined = ref; at; at = parentOf(at)) {
    const watch = watches.get(at);
    if (!watch) continue;
    watch.signal();
    return;
  }
}

/**
 * From now on nothing that the actor does counts as progress, and it is taken to be busy: how it looks from outside
 * where it hangs. False where nobody watches it.
 */
export function injectHang(ref: AnyActorRef): boolean {
  const watch = watches.get(ref);
  watch?.freeze();
  return watch !== undefined;
}

/** The watch over one incarnation. Its one timer re-arms itself; progress only moves a number. */
class ProgressWatch {
  readonly #ref: AnyActorRef;
  readonly #limit: ProgressLimit;
  readonly #clock: RuntimeClock;
  readonly #onHung: (error: HungError) => void;
  readonly #subscription: { unsubscribe(): void };
  /** Of its last progress, or when it became busy; undefined while it has nothing to do. */
  #since: number | undefined;
  /** The snapshot it was last seen with, or how many messages it had taken. */
  #seen: unknown;
  #timer: unknown;
  #ended = false;
  #frozen = false;

  constructor(
    ref: AnyActorRef,
    limit: ProgressLimit,
    clock: RuntimeClock,
    onHung: (error: HungError) => void,
  ) {
    this.#ref = ref;
    this.#limit = limit;
    this.#clock = clock;
    this.#onHung = onHung;
    this.#look();
    const end = () => this.end();
    this.#subscription = ref.subscribe({ next: () => this.#look(), error: end, complete: end });
    this.#arm();
  }

  freeze(): void {
    this.#frozen = true;
    this.#look();
  }

  signal(): void {
    if (this.#frozen) return;
    if (this.#limit.by === 'signal' && this.#since !== undefined) this.#since = this.#clock.now();
  }

  end(): void {
    this.#ended = true;
    this.#subscription.unsubscribe();
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (watches.get(this.#ref) === this) watches.delete(this.#ref);
  }

  #look(): void {
    this.#observe();
    this.#arm();
  }

  /** Takes note of whether the actor is busy, and of any progress that can be seen. */
  #observe(): void {
    const seen = this.#frozen ? this.#seen : this.#visible();
    const moved = seen !== this.#seen;
    this.#seen = seen;
    if (!this.#isBusy()) this.#since = undefined;
    else if (moved || this.#since === undefined) this.#since = this.#clock.now();
  }

  #visible(): unknown {
    const { by = 'state' } = this.#limit;
    if (by === 'state') return this.#ref.getSnapshot();
    return by === 'mailbox' ? mailboxOf(this.#ref)?.takenCount : undefined;
  }

  #isBusy(): boolean {
    const { by, busy } = this.#limit;
    if (this.#frozen) return true;
    if (by === 'mailbox' && !this.#waiting()) return false;
    return !busy || guarded(this.#ref.system, () => busy(this.#ref.getSnapshot()), true);
  }

  #waiting(): number {
    return mailboxOf(this.#ref)?.depth ?? 0;
  }

  /** An idle actor needs no timer: a snapshot will say that it is busy. Only messages come without one. */
  #arm(): void {
    if (this.#ended || this.#timer !== undefined) return;
    const { within, by } = this.#limit;
    if (this.#since === undefined && by !== 'mailbox') return;
    const now = this.#clock.now();
    const due = (this.#since ?? now) + within;
    this.#timer = this.#clock.setTimeout(() => this.#check(), due - now);
  }

  #check(): void {
    this.#timer = undefined;
    this.#observe();
    const now = this.#clock.now();
    const overdue = now - (this.#since ?? now) - this.#limit.within;
    if (this.#since !== undefined && overdue > LATE_MS) this.#since = now;
    if (overdue < 0 || overdue > LATE_MS) this.#arm();
    else this.#tell(overdue + this.#limit.within);
  }

  #tell(ms: number): void {
    const error = this.#describe(ms);
    this.end();
    this.#onHung(error);
  }

  #describe(ms: number): HungError {
    const waiting = this.#limit.by === 'mailbox' ? `, messages waiting: ${this.#waiting()}` : '';
    const state = `state \`${describeState(this.#ref)}\`${waiting}`;
    return new HungError(
      `no progress for ${grouped(ms)} ms in ${state} (allowed: ${grouped(this.#limit.within)} ms)`,
    );
  }
}

/** `5,000` */
function grouped(ms: number): string {
  return String(Math.round(ms)).replace(/\B(?=(\d{3})+$)/g, ',');
}
