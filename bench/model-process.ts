import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A model server in a process of its own, so that it shares no event loop with what is measured. */
export interface ModelProcess extends AsyncDisposable {
  /** Base address for clients, for example `http://127.0.0.1:41234/v1`. */
  readonly url: string;
}

const PROGRAM = fileURLToPath(new URL('model-server.ts', import.meta.url));

export async function startModelProcess(): Promise<ModelProcess> {
  const child = fork(PROGRAM, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [url]: string[] = await once(child, 'message');
  if (url === undefined) throw new Error('The model server gave no address.');
  return {
    url,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
