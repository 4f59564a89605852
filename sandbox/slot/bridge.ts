import { randomFillSync } from 'node:crypto';
import { hrtime } from 'node:process';
import type { Bridge } from './guest/bridge.ts';

export type Send = Bridge['send'];

/** A bridge for one realm. Nothing that it does throws, short of a stack that is full already. */
export function createBridge(send: Send): Bridge {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const encoder = new TextEncoder();
  const timers = createTimers();
  const bridge: Bridge = {
    send,
    decode: (bytes) => decoder.decode(bytes),
    encodeInto: (text, into, counts) => {
      const { read, written } = encoder.encodeInto(text, into);
      counts[0] = read;
      counts[1] = written;
    },
    random: (into) => {
      randomFillSync(into);
    },
    nanoseconds: () => hrtime.bigint(),
    ...timers,
  };
  return sealed(bridge);
}

/**
 * The bridge as a realm sees it: functions without prototype that answer undefined where they fail, since an error of
 * this realm would lead into it.
 */
function sealed(bridge: Bridge): Bridge {
  const { send, decode, encodeInto, random, nanoseconds, setTimer, clearTimer } = bridge;
  const parts = {
    send: guarded(send),
    decode: guarded(decode),
    encodeInto: guarded(encodeInto),
    random: guarded(random),
    nanoseconds: guarded(nanoseconds),
    setTimer: guarded(setTimer),
    clearTimer: guarded(clearTimer),
  };
  return Object.freeze(Object.setPrototypeOf(parts, null));
}

function guarded<A extends readonly unknown[], R>(run: (...args: A) => R): (...args: A) => R {
  const guardedRun = (...args: A): R | undefined => {
    try {
      return run(...args);
    } catch {
      return undefined;
    }
  };
  return Object.freeze(Object.setPrototypeOf(guardedRun, null));
}

function createTimers(): Pick<Bridge, 'setTimer' | 'clearTimer'> {
  const timers = new Map<number, NodeJS.Timeout>();
  let last = 0;
  return {
    setTimer: (callback, milliseconds) => {
      const timer = ++last;
      const ring = (): void => {
        timers.delete(timer);
        quietly(callback);
      };
      timers.set(timer, setTimeout(ring, milliseconds));
      return timer;
    },
    clearTimer: (timer) => {
      clearTimeout(timers.get(timer));
      timers.delete(timer);
    },
  };
}

function quietly(callback: () => void): void {
  try {
    callback();
  } catch {
    // It is the realm's own mistake, and its calls will tell.
  }
}
