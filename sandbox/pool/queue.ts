import { type GuestCall, type GuestEnd, type GuestOutcome, NO_REPORT } from './call.ts';

/** A call that waits for a slot. */
export interface QueuedCall {
  readonly call: GuestCall;
  /** Milliseconds of `performance.now()`. */
  readonly since: number;
  /** Takes it out of the queue and answers with what `run` gives. */
  readonly dispatch: (run: (call: GuestCall) => Promise<GuestOutcome>) => void;
}

/** First in, first out, except that a call may be taken from the middle. */
export interface CallQueue {
  readonly push: (call: GuestCall) => Promise<GuestOutcome>;
  readonly waiting: () => Iterable<QueuedCall>;
  readonly size: () => number;
}

export function createCallQueue(maxLength: number, onLeave: () => void): CallQueue {
  const queue = new Set<QueuedCall>();
  const enter = (call: GuestCall, resolve: (outcome: GuestOutcome) => void): void => {
    const leave = (): void => {
      queue.delete(queued);
      clearTimeout(timer);
      call.signal.removeEventListener('abort', cancel);
    };
    const giveUp = (end: GuestEnd): void => {
      leave();
      resolve({ ...end, ...NO_REPORT });
      onLeave();
    };
    const cancel = (): void => giveUp({ kind: 'cancelled' });
    const queued: QueuedCall = {
      call,
      since: performance.now(),
      dispatch(run) {
        leave();
        void run(call).then(resolve);
      },
    };
    const timer = setTimeout(() => giveUp(tooLong(call.deadlineMs)), call.deadlineMs);
    call.signal.addEventListener('abort', cancel, { once: true });
    queue.add(queued);
  };
  return {
    push(call) {
      if (queue.size >= maxLength) return Promise.resolve({ ...tooMany(queue.size), ...NO_REPORT });
      return new Promise((resolve) => enter(call, resolve));
    },
    waiting: () => queue,
    size: () => queue.size,
  };
}

const tooMany = (length: number): GuestEnd => ({
  kind: 'unavailable',
  message: `The sandbox is overloaded: ${length} calls are waiting for it already.`,
});

const tooLong = (milliseconds: number): GuestEnd => ({
  kind: 'unavailable',
  message: `No sandbox process became free within ${milliseconds} ms.`,
});
