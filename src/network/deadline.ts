/** Ends work after a time or when its caller gives up, and remembers which of the two it was. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Undefined while there is time. */
  cause(): 'timeout' | 'cancelled' | undefined;
  /** Takes back timer and listener; call it when the work is done. */
  end(): void;
}

export function startDeadline(timeoutMs: number, caller: AbortSignal): Deadline {
  const controller = new AbortController();
  let cause: 'timeout' | 'cancelled' | undefined;
  const stop = (why: 'timeout' | 'cancelled') => {
    cause ??= why;
    controller.abort();
  };
  const cancel = () => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  if (caller.aborted) cancel();
  else caller.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    cause: () => cause,
    end() {
      clearTimeout(timer);
      caller.removeEventListener('abort', cancel);
    },
  };
}
