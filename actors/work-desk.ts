import type { WorkDesk } from '../src/core/work.ts';
import { noWork } from '../src/work/testing/no-work.ts';
import type { Environment } from './environment.ts';

/** What people and tools do with work, as far as it needs the running tree. */
export function createWorkDesk(_env: () => Environment): WorkDesk {
  return noWork();
}
