import { setFlagsFromString } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { coerceError } from '../../../core/errors.ts';
import type { EnglishModel } from './english-model.ts';
import { createMatrix, type Matrix } from './matrix.ts';
import type { Answer, Envelope, Request } from './messages.ts';

/** The thread that makes vectors and searches among them. It does one thing after the other, as they come. */

// The embedded database has V8 compile WASM late, for all threads; what is computed here is worth it at once.
setFlagsFromString('--wasm-tiering-budget=13000000');

const spaces = new Map<number, Matrix>();
let model: Promise<EnglishModel> | undefined;

async function answer(request: Request): Promise<Answer> {
  if (request.type === 'embed') return embed(request.texts);
  if (request.type === 'drop') {
    spaces.delete(request.space);
    return { type: 'done', size: 0 };
  }
  if (request.type === 'add') return add(request);
  const space = spaces.get(request.space);
  if (!space) throw new Error('these vectors were not loaded');
  if (request.type === 'nearest')
    return { type: 'found', found: space.nearest(request.query, request.limit) };
  if (request.type === 'similarities')
    return { type: 'found', found: space.similarities(request.query, request.ids) };
  space.remove(request.ids);
  return { type: 'done', size: space.size };
}

async function embed(texts: readonly string[]): Promise<Answer> {
  model ??= loadModel();
  return { type: 'embedded', embedded: await (await model).embed(texts) };
}

/** Only when it is wanted: vectors of other models are searched here as well. */
async function loadModel(): Promise<EnglishModel> {
  const { loadEnglishModel } = await import('./english-model.ts');
  return loadEnglishModel();
}

function add({ space, dimensions, ids, vectors }: Extract<Request, { type: 'add' }>): Answer {
  const matrix = spaces.get(space) ?? createMatrix(dimensions);
  spaces.set(space, matrix);
  matrix.add(ids, vectors);
  return { type: 'done', size: matrix.size };
}

let last = Promise.resolve();

parentPort?.on('message', ({ id, content }: Envelope<Request>) => {
  last = last.then(async () => {
    const reply = await answer(content).catch((thrown: unknown): Answer => {
      return { type: 'failed', message: coerceError(thrown).message };
    });
    parentPort?.postMessage({ id, content: reply } satisfies Envelope<Answer>);
  });
});
