import { MessageChannel } from 'node:worker_threads';

/**
 * Makes `setImmediate` put things off by a message to oneself until this is disposed. Node has V8 believe that it is
 * idle while it runs what the real `setImmediate` put off, so that a profile shows none of it; what a message brings
 * is shown. A little time then goes into `postMessage` instead.
 */
export function showImmediates(): Disposable {
  const { port1, port2 } = new MessageChannel();
  const { setImmediate, clearImmediate } = globalThis;
  const pending = new Map<unknown, () => void>();
  let count = 0;
  port1.on('message', (key: number) => {
    const callback = pending.get(key);
    pending.delete(key);
    callback?.();
  });

  const putOff = (callback: () => void): number => {
    pending.set(++count, callback);
    port2.postMessage(count);
    return count;
  };
  Object.assign(globalThis, { setImmediate: putOff, clearImmediate: (key: unknown) => pending.delete(key) });
  return {
    [Symbol.dispose]() {
      Object.assign(globalThis, { setImmediate, clearImmediate });
      port1.close();
    },
  };
}
