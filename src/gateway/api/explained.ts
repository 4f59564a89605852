import { IronbarkError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ApiFailure } from './failure.ts';

/** What was asked wrongly, or does not fit how things stand, is an answer for a person; anything else is thrown on. */
export async function explained<T>(work: () => Promise<T>): Promise<Result<T, ApiFailure>> {
  try {
    return ok(await work());
  } catch (thrown) {
    if (!(thrown instanceof IronbarkError)) throw thrown;
    const message = thrown.explanation;
    if (thrown.kind === 'usage') return err({ status: 400, code: 'invalid', message });
    if (thrown.kind === 'config') return err({ status: 409, code: 'conflict', message });
    if (thrown.kind === 'storage') return err({ status: 503, code: 'unavailable', message });
    throw thrown;
  }
}
