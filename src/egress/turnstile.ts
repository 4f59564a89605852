import { ok, type Result } from '../core/result.ts';
import type { Door } from './door.ts';
import { type EgressRefusal, refuse } from './refuse.ts';

/** Lets a request through where neither too many go at once nor too many went. `leave` when it is over. */
export interface Turnstile {
  enter(): Result<() => void, EgressRefusal>;
}

/** @param most at the same time */
export function createTurnstile(door: Pick<Door, 'services' | 'limits' | 'order'>, most: number): Turnstile {
  const { services, limits, order } = door;
  let inside = 0;
  return {
    enter() {
      const taken = services.rates.take(
        `egress:${order.invocation.kind}/${order.invocation.id}`,
        limits.rate,
      );
      if (!taken.ok) return refuse('http-rate', taken.error.message);
      if (inside >= most)
        return refuse('http-rate', `At most ${most} such requests are carried out at once.`);
      inside++;
      let isIn = true;
      return ok(() => {
        if (isIn) inside--;
        isIn = false;
      });
    },
  };
}
