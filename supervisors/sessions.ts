import type { Environment } from '../actors/environment.ts';
import { session } from '../actors/session.ts';
import { supervisor } from '../src/runtime/index.ts';

/**
 * One session for each conversation that is awake, started by the router. One that has nothing left to do ends, and
 * nothing of it stays in memory: its next message starts a new one. A session that crashes is restarted
 * from its journal and gives way to nobody; the budget is wide because it is shared by all of them, and a turn that
 * crashes again and again is given up by its own count of attempts long before.
 */
export const sessions = ({ settings }: Environment) =>
  supervisor({
    strategy: 'simple_one_for_one',
    intensity: 100,
    period: 10,
    children: [
      {
        id: 'session',
        logic: session,
        restart: 'transient',
        progress: { within: settings.hungAfterMs, by: 'mailbox' },
      },
    ],
  });
