import { isJobKey } from '../src/work/index.ts';
import { ROUTER, SCHEDULER } from './names.ts';

/** The database has something to do for the durable actor with this key. */
export interface WorkFound {
  readonly type: 'work.found';
  readonly key: string;
}

/** The name of the actor that brings durable actors with such a key to life. It is sent `WorkFound`. */
export const keeperOf = (key: string): string => (isJobKey(key) ? SCHEDULER : ROUTER);
