import { coerceError } from '../../core/errors.ts';
import { contextOf, type System } from '../context.ts';

/** Calls a listener that must not break whoever calls it: what it throws is reported as `listener_error`. */
export function guarded<T>(system: System, listener: () => T, otherwise: T): T {
  try {
    return listener();
  } catch (thrown) {
    contextOf(system).report({ type: 'listener_error', error: coerceError(thrown) });
    return otherwise;
  }
}
