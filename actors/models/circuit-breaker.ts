import { circuitBreakerMachine } from '../../machines/circuit-breaker.ts';

/** The breaker of one model, which answers whether a call may try. */
export const circuitBreaker = circuitBreakerMachine.provide({
  actions: {
    allowTrial: ({ event }) => {
      if (event.type === 'trial.asked') event.ask.reply(true);
    },
    denyTrial: ({ event }) => {
      if (event.type === 'trial.asked') event.ask.reply(false);
    },
  },
});
