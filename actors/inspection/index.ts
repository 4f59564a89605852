import type { Inspector } from '../../src/core/inspect.ts';
import type { InspectorOptions } from './inspector.ts';

export { createLetterBox, type LetterBox } from './letter-box.ts';

/** An inspector that is loaded when somebody first looks: until then it takes neither time nor memory. */
export function createLazyInspector(options: InspectorOptions): Inspector {
  let loading: Promise<Inspector> | undefined;
  const load = (): Promise<Inspector> => {
    loading ??= import('./inspector.ts').then(({ createInspector }) => createInspector(options));
    return loading;
  };
  return {
    actor: async (path) => (await load()).actor(path),
    chart: async (hash) => (await load()).chart(hash),
    charts: async () => (await load()).charts(),
    watch(watch, listener) {
      const stopped = new AbortController();
      load().then(
        (inspector) => {
          if (stopped.signal.aborted) return;
          stopped.signal.addEventListener('abort', inspector.watch(watch, listener));
        },
        (error: unknown) => options.env.log.error({ err: error }, 'inspection failed to start'),
      );
      return () => stopped.abort();
    },
    turns: async (conversationId, limit) => (await load()).turns(conversationId, limit),
    replay: async (conversationId, turnId) => (await load()).replay(conversationId, turnId),
    sequence: async (conversationId, turnId) => (await load()).sequence(conversationId, turnId),
    asTest: async (conversationId, turnId) => (await load()).asTest(conversationId, turnId),
    deadLetters: async () => (await load()).deadLetters(),
    replayDeadLetter: async (id) => (await load()).replayDeadLetter(id),
    restart: async (path) => (await load()).restart(path),
  };
}
