import type { Queryable } from '../../../storage/index.ts';
import type { KeptModel } from '../models.ts';
import { readHorizon, readNewVectors, readStanding, readVectors, type VectorSlice } from '../rows.ts';
import type { Candidate } from '../vectors.ts';
import type { Answer } from '../worker/messages.ts';
import type { VectorThread } from '../worker/thread.ts';
import type { Search, SearchQuestion } from './search.ts';

/** Vectors that are read at once: 0.5 MB, decoded in some 3 ms. */
const SLICE = 1000;

/** As often is looked deeper, ten times as deep each time, for chunks of one folder. */
const DEPTHS = [1, 10, 100, Number.POSITIVE_INFINITY];

/** More vectors than the database has, by this factor: time to load them anew without those that have gone. */
const WASTE = 1.5;

interface Loaded {
  readonly generation: number;
  horizon: string;
  size: number;
}

/**
 * Exact search in the vectors' thread, which holds all vectors of a model in memory. Loading them takes a second for
 * 30,000, when the thread has rested; afterwards a question costs two queries and a look at every vector (0.5 ms for
 * 10,000, 6 ms for 100,000).
 */
export function createExactSearch(database: Queryable, thread: VectorThread): Search {
  const spaces = new Map<number, Loaded>();
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: two that load at once would do it twice. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  async function add(model: KeptModel, dimensions: number, { ids, vectors }: VectorSlice): Promise<number> {
    const answer = await thread.ask({ type: 'add', space: model.id, dimensions, ids, vectors });
    return sizeIn(answer);
  }

  async function load(model: KeptModel, dimensions: number): Promise<Loaded> {
    const horizon = await readHorizon(database);
    await thread.ask({ type: 'drop', space: model.id });
    const generation = thread.generation();
    let size = 0;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const slice = await readVectors(database, model, after, SLICE);
      size = await add(model, dimensions, slice);
      after = slice.ids.length < SLICE ? undefined : slice.ids.at(-1);
    }
    return { generation, horizon, size };
  }

  /** What was written since the last question comes along with this one. */
  async function follow(model: KeptModel, dimensions: number, loaded: Loaded): Promise<void> {
    let since = { horizon: loaded.horizon, after: 0 };
    let next: string | undefined;
    for (;;) {
      const fresh = await readNewVectors(database, model, since, SLICE);
      next ??= fresh.horizon;
      if (fresh.ids.length > 0) loaded.size = await add(model, dimensions, fresh);
      if (fresh.ids.length < SLICE || fresh.written === undefined) break;
      since = { horizon: fresh.written, after: fresh.ids.at(-1) ?? 0 };
    }
    loaded.horizon = next;
  }

  const isLoaded = ({ id }: KeptModel): boolean => spaces.get(id)?.generation === thread.generation();

  async function ready({ model, query, expected }: SearchQuestion): Promise<void> {
    const dimensions = query.length;
    const known = spaces.get(model.id);
    const wasteful = known !== undefined && known.size > WASTE * expected + SLICE;
    if (known && isLoaded(model) && !wasteful) {
      await follow(model, dimensions, known);
      return;
    }
    // One model is searched at a time: what is there of a former one is of no use any more.
    for (const former of [...spaces.keys()].filter((id) => id !== model.id)) {
      spaces.delete(former);
      await thread.ask({ type: 'drop', space: former });
    }
    spaces.delete(model.id);
    spaces.set(model.id, await load(model, dimensions));
  }

  async function nearest({ model, query, limit, folder }: SearchQuestion): Promise<readonly Candidate[]> {
    const size = spaces.get(model.id)?.size ?? 0;
    let found: readonly Candidate[] = [];
    for (const depth of DEPTHS) {
      const wanted = Math.min(size, limit * depth);
      const answer = await thread.ask({ type: 'nearest', space: model.id, query, limit: wanted });
      const candidates = candidatesIn(answer);
      const ids = candidates.map(({ chunkId }) => chunkId);
      const { there, inside } = await readStanding(database, model, ids, folder);
      await forget(
        model,
        ids.filter((id) => !there.has(id)),
      );
      found = candidates.filter(({ chunkId }) => inside.has(chunkId));
      if (found.length >= limit || wanted === size) break;
    }
    return found.slice(0, limit);
  }

  async function forget(model: KeptModel, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const size = sizeIn(await thread.ask({ type: 'remove', space: model.id, ids }));
    const loaded = spaces.get(model.id);
    if (loaded) loaded.size = size;
  }

  return {
    nearest: (question) =>
      inTurn(async () => {
        await ready(question);
        return nearest(question);
      }),
    similarities: (question, ids) =>
      inTurn(async () => {
        const { model, query } = question;
        if (!isLoaded(model)) await ready(question);
        const answer = await thread.ask({ type: 'similarities', space: model.id, query, ids });
        return new Map(candidatesIn(answer).map(({ chunkId, similarity }) => [chunkId, similarity]));
      }),
  };
}

const sizeIn = (answer: Answer): number => (answer.type === 'done' ? answer.size : 0);

function candidatesIn(answer: Answer): readonly Candidate[] {
  if (answer.type !== 'found') return [];
  const { ids, similarities } = answer.found;
  return ids.map((chunkId, place) => ({ chunkId, similarity: similarities[place] ?? 0 }));
}
