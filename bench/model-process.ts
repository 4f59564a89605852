import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A model server in a process of its own, so that it shares no event loop with what is measured. */
export interface ModelProcess extends AsyncDisposable {
  /** Base address for clients, for example `http://127.0.0.1:41234/v1`. */
  readonly url: string;
}

const PROGRAM = fileURLToPath(new URL('model-server.ts', import.meta.url));

/** @param pace how many words an answer has, and how many milliseconds lie between them; absent: few, at once */
export async function startModelProcess(pace?: {
  readonly words: number;
  readonly dripMs: number;
}): Promise<ModelProcess> {
  const args = pace ? [String(pace.words), String(pace.dripMs)] : [];
  const child = fork(PROGRAM, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
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
