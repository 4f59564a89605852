/** The server sent no byte for too long. */
export class IdleTimeout extends Error {
  override readonly name = 'IdleTimeout';
}

/**
 * A `fetch` that gives up with `IdleTimeout` when the server sends nothing for `idleTimeoutMs`, before the
 * answer or within it. Any byte counts, also the comments with which servers keep a stream alive. Redirects are
 * not followed: the headers hold a key that is meant for this host only.
 */
export function idleFetch(idleTimeoutMs: number): typeof fetch {
  return async (input, init) => {
    const watch = startWatch(idleTimeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, watch.signal]) : watch.signal;
    try {
      return watched(await fetch(input, { ...init, redirect: 'manual', signal }), watch);
    } catch (error) {
      watch.stop();
      throw error;
    }
  };
}

interface Watch {
  readonly signal: AbortSignal;
  restart(): void;
  stop(): void;
}

function startWatch(idleTimeoutMs: number): Watch {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new IdleTimeout('idle')), idleTimeoutMs);
  return {
    signal: controller.signal,
    restart: () => timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}

function watched(response: Response, watch: Watch): Response {
  watch.restart();
  if (response.body === null) {
    watch.stop();
    return response;
  }
  const { status, statusText, headers } = response;
  return new Response(watchedBody(response.body.getReader(), watch), { status, statusText, headers });
}

function watchedBody(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  watch: Watch,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          watch.restart();
          controller.enqueue(value);
          return;
        }
        watch.stop();
        controller.close();
      } catch (error) {
        watch.stop();
        controller.error(error);
      }
    },
    async cancel(reason) {
      watch.stop();
      await reader.cancel(reason);
    },
  });
}
