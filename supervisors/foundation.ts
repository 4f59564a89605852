import { database, isOpen } from '../actors/database.ts';
import { supervisor } from '../src/runtime/index.ts';
import type { DatabaseGate } from '../src/storage/index.ts';

/**
 * What everything stands on. A database that cannot be reached is tried again, less and less often, for about a
 * minute; if it stays away, nothing else can run.
 */
export const foundation = (gate: DatabaseGate) =>
  supervisor({
    strategy: 'rest_for_one',
    intensity: 10,
    period: 60,
    children: [
      {
        id: 'database',
        logic: database,
        input: { gate },
        ready: isOpen,
        backoff: { initial: 50, max: 10_000, healthyAfter: 1_000 },
      },
    ],
  });
