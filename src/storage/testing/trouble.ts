import { expect } from 'vitest';
import { IronbarkError } from '../../core/errors.ts';

/** The error for people with which this fails. */
export async function troubleOf(work: Promise<unknown>): Promise<IronbarkError> {
  const thrown: unknown = await work.then(
    () => 'nothing was thrown',
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(IronbarkError);
  return thrown instanceof IronbarkError ? thrown : new IronbarkError('internal', String(thrown));
}
