import type { Queryable } from '../../../storage/index.ts';
import type { KeptModel } from '../models.ts';
import {
  type NewSlice,
  readHorizon,
  readNewVectors,
  readStanding,
  readVectors,
  type VectorSlice,
} from '../rows.ts';
import type { Candidate } from '../vectors.ts';
import type { Answer } from '../worker/messages.ts';
import type { VectorThread } from '../worker/thread.ts';
import type { FoundNear, Search, SearchQuestion } from './search.ts';

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
  /** How often something was added since. */
  additions: number;
}

/**
 * Exact search in the vectors' thread, which holds all vectors of a model in memory. Loading them takes a second for
 * 30,000, when the thread has rested; afterwards a question costs a look at every vector (0.5 ms for 10,000, 6 ms for
 * 100,000), for which the database is not asked, and one query, which tells what is new as well: where something is,
 * both are done once more.
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
    return { generation, horizon, size, additions: 0 };
  }

  /** Takes up what was written since, some of which may be there already. */
  async function take(
    question: SearchQuestion,
    loaded: Loaded,
    { horizon, ...fresh }: NewSlice,
  ): Promise<void> {
    const { model, query } = question;
    const before = loaded.size;
    let slice: Omit<NewSlice, 'horizon'> = fresh;
    while (slice.ids.length > 0) {
      loaded.size = await add(model, query.length, slice);
      if (slice.ids.length < SLICE || slice.written === undefined) break;
      const since = { horizon: slice.written, after: slice.ids.at(-1) ?? 0 };
      slice = await readNewVectors(database, model, since, SLICE);
    }
    loaded.horizon = horizon;
    if (loaded.size > before) loaded.additions++;
  }

  const isLoaded = ({ id }: KeptModel): boolean => spaces.get(id)?.generation === thread.generation();

  async function ready({ model, query, expected }: SearchQuestion): Promise<Loaded> {
    const known = spaces.get(model.id);
    const wasteful = known !== undefined && known.size > WASTE * expected + SLICE;
    if (known && isLoaded(model) && !wasteful) return known;
    // One model is searched at a time: what is there of a former one is of no use any more.
    for (const former of [...spaces.keys()].filter((id) => id !== model.id)) {
      spaces.delete(former);
      await thread.ask({ type: 'drop', space: former });
    }
    spaces.delete(model.id);
    const loaded = await load(model, query.length);
    spaces.set(model.id, loaded);
    return loaded;
  }

  /** Where it turned out that there are new ones, once more with those. */
  async function nearest(question: SearchQuestion, loaded: Loaded): Promise<FoundNear> {
    const { additions } = loaded;
    const found = await look(question, loaded);
    return loaded.additions === additions ? found : look(question, loaded);
  }

  async function look(question: SearchQuestion, loaded: Loaded): Promise<FoundNear> {
    const { model, query, limit, folder } = question;
    const { size } = loaded;
    let found: FoundNear = { candidates: [], places: [] };
    for (const depth of DEPTHS) {
      const wanted = Math.min(size, limit * depth);
      const answer = await thread.ask({ type: 'nearest', space: model.id, query, limit: wanted });
      const candidates = candidatesIn(answer);
      const ids = candidates.map(({ chunkId }) => chunkId);
      const since = { horizon: loaded.horizon, after: 0 };
      const { there, places, fresh } = await readStanding(database, model, { ids, folder, since }, SLICE);
      const gone = ids.filter((id) => !there.has(id));
      await forget(loaded, model, gone);
      await take(question, loaded, fresh);
      const inside = new Set(places.map(({ chunkId }) => chunkId));
      found = { candidates: candidates.filter(({ chunkId }) => inside.has(chunkId)).slice(0, limit), places };
      if (found.candidates.length >= limit || wanted === size) break;
    }
    return found;
  }

  async function forget(loaded: Loaded, { id }: KeptModel, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) loaded.size = sizeIn(await thread.ask({ type: 'remove', space: id, ids }));
  }

  async function similarities(
    { model, query }: SearchQuestion,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, number>> {
    const answer = await thread.ask({ type: 'similarities', space: model.id, query, ids });
    return new Map(candidatesIn(answer).map(({ chunkId, similarity }) => [chunkId, similarity]));
  }

  return {
    nearest: (question) => inTurn(async () => nearest(question, await ready(question))),
    async similarities(question, ids) {
      const turn = last;
      const { model } = question;
      const loaded = spaces.get(model.id);
      const additions = loaded?.additions;
      if (!loaded || !isLoaded(model)) {
        await inTurn(() => ready(question));
        return similarities(question, ids);
      }
      const told = await similarities(question, ids);
      // The question before it may have found what is new.
      await turn;
      return loaded.additions === additions ? told : similarities(question, ids);
    },
  };
}

const sizeIn = (answer: Answer): number => (answer.type === 'done' ? answer.size : 0);

function candidatesIn(answer: Answer): readonly Candidate[] {
  if (answer.type !== 'found') return [];
  const { ids, similarities } = answer.found;
  return ids.map((chunkId, place) => ({ chunkId, similarity: similarities[place] ?? 0 }));
}
