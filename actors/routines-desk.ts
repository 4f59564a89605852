import type { RoutinesDesk } from '../src/core/routines.ts';
import { noRoutines } from '../src/routines/testing/no-routines.ts';
import type { Environment } from './environment.ts';

/** What people and tools do with routines, as far as it needs the running tree. */
export function createRoutinesDesk(_env: () => Environment): RoutinesDesk {
  return noRoutines();
}
