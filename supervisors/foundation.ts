import { database, isOpen } from '../actors/database.ts';
import { supervisor } from '../src/runtime/index.ts';
import type { DatabaseGate } from '../src/storage/index.ts';

/** What everything stands on. The database may be reopened a few times; if it cannot be, nothing else can run. */
export const foundation = (gate: DatabaseGate) =>
  supervisor({
    strategy: 'rest_for_one',
    intensity: 3,
    period: 30,
    children: [{ id: 'database', logic: database, input: { gate }, ready: isOpen }],
  });
