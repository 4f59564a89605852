import type { OrchestratorClient } from '../../orchestrator/index.ts';
import type { Tell } from './bridge-program.ts';
import { shortFields } from './shorten.ts';

export interface Reporter extends Tell {
  /** Resolves when all was heard. Rejects where the orchestrator does not want to hear it. */
  told(): Promise<void>;
}

/** Says to the orchestrator, one after the other, what a program does. Events are numbered from `last` on. */
export function createReporter(client: Pick<OrchestratorClient, 'event' | 'status'>, last: number): Reporter {
  let seq = last;
  let queue: Promise<void> = Promise.resolve();
  const say = (message: () => Promise<void>): void => {
    queue = queue.then(message);
    // Heard of by whoever asks `told`.
    queue.catch(() => {});
  };
  return {
    event(type, data) {
      const event = { seq: ++seq, type, data: shortFields(data) };
      say(() => client.event(event));
    },
    session: (id) => say(() => client.status({ session: id })),
    told: () => queue,
  };
}
