import { supervisor } from '../src/runtime/index.ts';

/**
 * One session for each conversation that is awake, started by the router. A session that crashes is restarted
 * from its journal and gives way to nobody; the budget is wide because it is shared by all of them, and a turn that
 * crashes again and again is given up by its own count of attempts long before.
 */
export const sessions = () =>
  supervisor({ strategy: 'one_for_one', intensity: 100, period: 10, children: [] });
