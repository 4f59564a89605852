import type { Context, StopSignal } from './context.ts';

/** Within this time a second signal is the same wish, come by another road. */
const SAME_WISH_MS = 500;

const EXIT_CODES: { readonly [signal in StopSignal]: number } = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Resolves at the first signal to stop. One that comes later ends the process at once: the user will not wait.
 * A terminal or service manager signals the launcher and this process alike, and the launcher forwards its own,
 * so signals that follow on each other's heels count as one.
 */
export function stopRequested({ onStopSignal, now, exit }: Context): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    onStopSignal((signal) => {
      first ??= now();
      resolve();
      if (now() - first > SAME_WISH_MS) exit(EXIT_CODES[signal]);
    });
  });
}
