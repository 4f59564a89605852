import { randomUUID } from 'node:crypto';
import { connect } from '../../src/gateway/index.ts';
import { startModelServer } from '../../src/llm/testing/openai-server.ts';
import { startAgentProcess } from './process.ts';

/** Milliseconds from the moment that a steered message was accepted until the model's server had it. */
export interface SteeringRig extends AsyncDisposable {
  steer(): Promise<number>;
}

/**
 * Each time, a turn waits for its model. A message is said meanwhile; as soon as it is accepted, the model's answer
 * comes, and the next call of the model has to bring the message along.
 */
export async function openSteering(home: string, nodeFlags: readonly string[]): Promise<SteeringRig> {
  let answered = Promise.withResolvers<void>();
  let arrived = (_body: string): void => {};
  const server = await startModelServer({
    record: false,
    pause: () => answered.promise,
    fallback: ({ body }) => {
      arrived(JSON.stringify(body));
      return { type: 'answer', text: 'All right.', delayMs: 1 };
    },
  });
  const assistant = await startAgentProcess({ home, modelUrl: server.url, tools: 0, nodeFlags });
  const user = await connect({ url: assistant.url, token: assistant.token, reconnect: false });
  let round = 0;

  return {
    async steer() {
      answered = Promise.withResolvers();
      const conversation = `steered-${++round}`;
      const word = randomUUID();
      const first = nextCall(() => true);
      const replied = Promise.withResolvers<void>();
      const watch = await user.subscribe(conversation, 0, (event) => {
        if (event.type === 'entry' && event.entry.type === 'turn.replied') replied.resolve();
      });
      await user.send(conversation, 'Go on.');
      await first;
      const next = nextCall((body) => body.includes(word));
      await user.send(conversation, word, { mode: 'steer' });
      const acceptedAt = performance.now();
      answered.resolve();
      await next;
      const milliseconds = performance.now() - acceptedAt;
      await replied.promise;
      watch.stop();
      return milliseconds;
    },
    async [Symbol.asyncDispose]() {
      await user.close();
      await assistant[Symbol.asyncDispose]();
      await server.close();
    },
  };

  function nextCall(fits: (body: string) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      arrived = (body) => {
        if (fits(body)) resolve();
        else reject(new Error('The next call of the model did not hold the message that steers.'));
      };
    });
  }
}
