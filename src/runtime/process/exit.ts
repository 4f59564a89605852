import { coerceError } from '../../core/errors.ts';

/**
 * Why an actor is no longer alive:
 * - `normal`: it finished (`ignored`: it was not wanted and never began, see `IgnoreStart`);
 * - `error`: it threw, or reached an error;
 * - `shutdown`: it was told to stop, or gave up in good order (`cause` says why it gave up);
 * - `killed`: it did not stop in the time it was given, or was never given any;
 * - `noproc`: it was dead already when somebody began to watch it.
 */
export type ExitReason =
  | { readonly kind: 'normal'; readonly ignored?: true }
  | { readonly kind: 'error'; readonly error: Error }
  | { readonly kind: 'shutdown'; readonly cause?: Error }
  | { readonly kind: 'killed' }
  | { readonly kind: 'noproc' };

/**
 * Thrown by an actor that gives up in good order: it exits with `shutdown`, so a `transient` one is not restarted.
 * A supervisor whose restart intensity is exceeded exits so.
 */
export class ShutdownExit extends Error {
  override readonly name: string = 'ShutdownExit';
}

/**
 * Thrown by an actor as it starts, before it is ready: it is not wanted now, and that is no failure. Its
 * specification is kept, so that `restartChild` can try again, unless it is temporary. A supervisor ignores its start
 * where its `init` returns `ignore`.
 */
export class IgnoreStart extends Error {
  override readonly name: string = 'IgnoreStart';
}

/** A child made no progress for longer than its specification allows; it is treated as crashed. */
export class HungError extends Error {
  override readonly name: string = 'HungError';
}

/** A static child failed at its supervisor's first start; nothing of that supervisor runs. */
export class StartFailure extends Error {
  override readonly name: string = 'StartFailure';
  /** The actor that could not start, as in `tree()`. */
  readonly path: string;

  constructor(path: string, cause: Error) {
    super(`${path} could not start: ${cause.message}`, { cause });
    this.path = path;
  }
}

/** The exit reason of an actor that ended with what it threw. */
export function exitOf(thrown: unknown): ExitReason {
  if (thrown instanceof IgnoreStart) return { kind: 'normal', ignored: true };
  const error = coerceError(thrown);
  return error instanceof ShutdownExit ? { kind: 'shutdown', cause: error } : { kind: 'error', error };
}

/** Whether a `transient` child is restarted after this. */
export function isAbnormal(exit: ExitReason): boolean {
  return exit.kind === 'error' || exit.kind === 'killed';
}

/** The exit as an error, for those who need a cause. */
export function errorOf(exit: ExitReason): Error {
  if (exit.kind === 'error') return exit.error;
  if (exit.kind === 'shutdown' && exit.cause) return exit.cause;
  return new Error(`it exited (${exit.kind}) before it was ready`);
}

/** One short line for people. */
export function describeExit(exit: ExitReason): string {
  if (exit.kind === 'error') return `error: ${exit.error.message}`;
  if (exit.kind === 'shutdown' && exit.cause) return `shutdown: ${exit.cause.message}`;
  return exit.kind;
}
