import type { Environment } from '../actors/environment.ts';
import { ROUTER, SESSIONS } from '../actors/names.ts';
import { router } from '../actors/router.ts';
import { SWEEP_MS, sweeper } from '../actors/sweeper.ts';
import { supervisor } from '../src/runtime/index.ts';
import { sessions } from './sessions.ts';

/**
 * The agent loop: the sessions of all conversations, the router that wakes them, the sweeper that finds what a lost wake-up missed.
 * None leans on another's memory, so each comes back alone.
 */
export const conversations = (env: Environment) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 30,
    children: [
      { id: 'sessions', name: SESSIONS, logic: sessions(env) },
      {
        id: 'router',
        name: ROUTER,
        logic: router,
        input: { env },
        // What waits when it crashes is still to be told; the next life goes on with it.
        mailbox: { capacity: 10_000, keep: true },
        progress: { within: env.settings.hungAfterMs, by: 'mailbox' },
      },
      {
        id: 'sweeper',
        logic: sweeper,
        input: { env },
        progress: { within: SWEEP_MS + env.settings.hungAfterMs, by: 'signal' },
      },
    ],
  });
