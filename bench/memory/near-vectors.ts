import { keepModel, markComplete, settleDimensions } from '../../src/memory/vectors/models.ts';
import { quantise } from '../../src/memory/vectors/quantise.ts';
import { storeStatement } from '../../src/memory/vectors/rows.ts';
import { createVectorThread } from '../../src/memory/vectors/worker/thread.ts';
import type { Database } from '../../src/storage/index.ts';

const DIMENSIONS = 512;
const MODEL = { provider: 'embedded' } as const;
const AT_ONCE = 500;

/**
 * Gives every chunk a vector without reading its text: one by chance, drawn towards that of one of the questions, as near
 * (a cosine of 0.2 to 0.6) as a text on its matter would be. So as many are found by meaning as in a real memory.
 */
export async function storeNearVectors(
  database: Database,
  questions: readonly string[],
  random: () => number,
): Promise<void> {
  const asked = await embed(questions);
  const [model] = await keepModel(database, MODEL);
  if (!model) throw new Error('no model was kept');
  await settleDimensions(database, model, DIMENSIONS);
  const { rows } = await database.query<{ id: number }>('select id from memory_chunk order by id');
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const ids = rows.slice(at, at + AT_ONCE).map(({ id }) => id);
    const vectors = new Int8Array(ids.length * DIMENSIONS);
    for (const [row] of ids.entries())
      vectors.set(near(asked[(at + row) % asked.length] ?? [], random), row * DIMENSIONS);
    await database.commit([storeStatement(model, { ids, dimensions: DIMENSIONS, vectors })]);
  }
  await markComplete(database, model);
  await database.query('vacuum (analyze) memory_embedding');
}

async function embed(texts: readonly string[]): Promise<readonly ArrayLike<number>[]> {
  const thread = createVectorThread({ idleMs: 60_000, onEnded: () => {} });
  const answer = await thread.ask({ type: 'embed', texts });
  await thread.stop();
  if (answer.type !== 'embedded') throw new Error('no vectors were made');
  return answer.embedded.map(({ vector }) => vector);
}

function near(question: ArrayLike<number>, random: () => number): Int8Array {
  const pull = 0.2 + 0.5 * random();
  // Evenly from -a to a with a variance of 1/512: of length 1, as the question is.
  const chance = (): number => (2 * random() - 1) * Math.sqrt(3 / DIMENSIONS);
  const vector = Array.from({ length: DIMENSIONS }, (_, at) => pull * (question[at] ?? 0) + chance());
  return quantise(vector) ?? new Int8Array(DIMENSIONS);
}
