import type { AnyActorRef, AnyEventObject, EventObject } from 'xstate';
import { err, ok, type Result } from '../../core/result.ts';
import { contextOf, type RuntimeClock, type System } from '../context.ts';
import type { Name } from '../supervisor/child-spec.ts';
import { isDeaf, relay } from '../xstate/index.ts';
import type { ExitReason } from './exit.ts';
import { pathOf } from './identity.ts';
import { whereis } from './messaging.ts';
import { monitor } from './monitor.ts';

/** A request that is to be answered with `reply`, for a receiver's union of events. */
export type Ask<Request extends EventObject, Reply> = Request & { readonly ask: ReplyAddress<Reply> };

export interface AskOptions {
  /** From the moment of asking; `Infinity` waits for as long as the receiver lives. */
  readonly timeoutMs: number;
  /** Who asks, for inspectors and dead letters. */
  readonly from?: AnyActorRef;
}

/** Why there is no reply; `down`: the receiver ended before it replied. */
export type AskError =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'noproc' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'down'; readonly reason: ExitReason };

/** Timers take no more; a longer wait would be over at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

let asked = 0;

/**
 * Where one reply to one question goes. It belongs to that question alone, so a later incarnation that answers
 * a question of its own cannot hit another. An actor may hand it on and let another reply.
 */
export class ReplyAddress<Reply> {
  /** Unique in this process. */
  readonly id: number = ++asked;
  readonly #answer: (answer: Reply) => void;

  constructor(answer: (answer: Reply) => void) {
    this.#answer = answer;
  }

  reply(answer: Reply): void {
    this.#answer(answer);
  }
}

/**
 * Answers a question that came with `ask`. Only the first reply counts, and only in time: any other is reported as
 * the dead letter `late-reply`, an event `ask.reply`.
 *
 * @example on: { 'price.ask': { actions: ({ event, context }) => reply(event, context.price) } }
 */
export function reply<Reply>(event: { readonly ask: ReplyAddress<Reply> }, answer: Reply): void {
  event.ask.reply(answer);
}

/**
 * Sends a request and waits for its reply, which the receiver gives with `reply`. Resolves with the reply, or with
 *
 * - `timeout`: none came in time; the receiver may still be at work on it;
 * - `noproc`: nobody holds the name, or the actor has ended;
 * - `refused`: its mailbox is full;
 * - `down`: it ended, for that `reason`, before it replied; it may have done what was asked.
 *
 * @example await ask<number>(system, 'prices', { type: 'price.ask', of: 'tea' }, { timeoutMs: 1_000 })
 *
 * @throws RangeError where the time-out makes no sense
 */
export function ask<Reply>(
  system: System,
  target: Name | AnyActorRef,
  request: AnyEventObject,
  options: AskOptions,
): Promise<Result<Reply, AskError>> {
  if (!(options.timeoutMs >= 0)) throw new RangeError(`timeoutMs must be 0 or more: ${options.timeoutMs}`);
  const receiver = isRef(target) ? target : whereis(system, target);
  if (!receiver || isDeaf(receiver)) return Promise.resolve(err({ kind: 'noproc' }));
  return new Promise((resolve) => send<Reply>(receiver, request, options, resolve));
}

function send<Reply>(
  receiver: AnyActorRef,
  request: AnyEventObject,
  { timeoutMs, from }: AskOptions,
  resolve: (result: Result<Reply, AskError>) => void,
): void {
  const { clock } = contextOf(receiver.system);
  let open = true;
  const settle = (result: Result<Reply, AskError>): void => {
    open = false;
    demonitor();
    stopTimer();
    resolve(result);
  };
  const demonitor = monitor(receiver, ({ reason }) => settle(err({ kind: 'down', reason })));
  const stopTimer = startTimer(clock, timeoutMs, () => settle(err({ kind: 'timeout' })));
  const address = new ReplyAddress<Reply>((answer) => {
    if (open) settle(ok(answer));
    else reportLate(receiver, from, address.id, answer);
  });
  const question: Ask<EventObject, Reply> = { ...request, ask: address };
  if (relay(from, receiver, question) === 'refused') settle(err({ kind: 'refused' }));
}

function startTimer(clock: RuntimeClock, ms: number, overdue: () => void): () => void {
  if (ms === Number.POSITIVE_INFINITY) return () => {};
  const timer = clock.setTimeout(overdue, Math.min(ms, LONGEST_TIMEOUT_MS));
  return () => clock.clearTimeout(timer);
}

function reportLate(replier: AnyActorRef, asker: AnyActorRef | undefined, id: number, answer: unknown): void {
  const receiver = asker ? pathOf(asker) : `whoever asked ${pathOf(replier)}`;
  const event = { type: 'ask.reply', id, answer };
  contextOf(replier.system).report({ type: 'dead_letter', receiver, event, reason: 'late-reply' });
}

function isRef(target: Name | AnyActorRef): target is AnyActorRef {
  return typeof target !== 'string' && !('via' in target);
}
