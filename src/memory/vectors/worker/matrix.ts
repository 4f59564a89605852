import { createDotKernel } from './dot-kernel.ts';

/** Vectors of one model, in memory, and the exact search among them. */
export interface Matrix {
  /** Adds vectors, one after the other in `vectors`, or puts them in place of those of the same chunks. */
  add(ids: ArrayLike<number>, vectors: Int8Array): void;
  remove(ids: readonly number[]): void;
  /** The so many nearest, best first. Costs a look at every vector: 0.05 µs for one of 512 dimensions. */
  nearest(query: Int8Array, limit: number): Found;
  /** Those that are there, in no order. */
  similarities(query: Int8Array, ids: readonly number[]): Found;
  readonly size: number;
}

export interface Found {
  readonly ids: readonly number[];
  readonly similarities: readonly number[];
}

const PAGE_BYTES = 65_536;
/** Rows whose products are taken at once. */
const BLOCK = 4096;
const LANE_BYTES = 16;

/**
 * Costs its dimensions, rounded up to 16, and some 60 bytes for each vector: 100,000 of 512 dimensions are 57 MB. Room
 * once taken is used again, and given back only with the thread.
 */
export function createMatrix(dimensions: number): Matrix {
  const { memory, dots } = createDotKernel();
  const stride = Math.ceil(dimensions / LANE_BYTES) * LANE_BYTES;
  const queryAt = 0;
  const productsAt = stride;
  const rowsAt = productsAt + BLOCK * 4;
  const ids: number[] = [];
  const norms: number[] = [];
  const placeOf = new Map<number, number>();

  const rowAt = (place: number): number => rowsAt + place * stride;

  function makeRoom(rows: number): void {
    const missing = rowAt(rows) - memory.buffer.byteLength;
    if (missing <= 0) return;
    const spare = Math.ceil(memory.buffer.byteLength / 8);
    memory.grow(Math.ceil((missing + spare) / PAGE_BYTES));
  }

  function write(id: number, vector: Int8Array): void {
    const place = placeOf.get(id) ?? ids.length;
    placeOf.set(id, place);
    ids[place] = id;
    norms[place] = norm(vector);
    new Int8Array(memory.buffer, rowAt(place), dimensions).set(vector);
  }

  function removeOne(id: number): void {
    const place = placeOf.get(id);
    const lastId = ids.pop();
    const lastNorm = norms.pop();
    if (place === undefined || lastId === undefined || lastNorm === undefined) return;
    placeOf.delete(id);
    if (lastId === id) return;
    new Int8Array(memory.buffer).copyWithin(rowAt(place), rowAt(ids.length), rowAt(ids.length + 1));
    placeOf.set(lastId, place);
    ids[place] = lastId;
    norms[place] = lastNorm;
  }

  /** Calls `visit` for each of these rows with its cosine. */
  function compare(from: number, count: number, queryNorm: number, visit: Visit): void {
    dots(rowAt(from), count, stride, queryAt, productsAt);
    const products = new Int32Array(memory.buffer, productsAt, count);
    for (let offset = 0; offset < count; offset++) {
      const place = from + offset;
      visit(ids[place] ?? 0, (products[offset] ?? 0) / (queryNorm * (norms[place] ?? 1)));
    }
  }

  function ask(query: Int8Array): number {
    new Int8Array(memory.buffer, queryAt, dimensions).set(query);
    return norm(query);
  }

  return {
    add(added, vectors) {
      makeRoom(ids.length + added.length);
      for (let row = 0; row < added.length; row++) {
        write(added[row] ?? 0, vectors.subarray(row * dimensions, (row + 1) * dimensions));
      }
    },
    remove(gone) {
      for (const id of gone) if (placeOf.has(id)) removeOne(id);
    },
    nearest(query, limit) {
      const best = createBest(limit);
      const queryNorm = ask(query);
      for (let from = 0; from < ids.length; from += BLOCK) {
        compare(from, Math.min(BLOCK, ids.length - from), queryNorm, best.offer);
      }
      return best.found();
    },
    similarities(query, wanted) {
      const queryNorm = ask(query);
      const found: { ids: number[]; similarities: number[] } = { ids: [], similarities: [] };
      for (const id of wanted) {
        const place = placeOf.get(id);
        if (place === undefined) continue;
        compare(place, 1, queryNorm, (_, similarity) => found.similarities.push(similarity));
        found.ids.push(id);
      }
      return found;
    },
    get size() {
      return ids.length;
    },
  };
}

type Visit = (id: number, similarity: number) => void;

function norm(vector: Int8Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

interface Entry {
  readonly id: number;
  readonly similarity: number;
}

/** Keeps the best of what it is offered; the older chunk goes first where two are as near. */
function createBest(limit: number): { readonly offer: Visit; found(): Found } {
  let kept: Entry[] = [];
  let least = Number.NEGATIVE_INFINITY;

  function cut(): void {
    kept.sort((a, b) => b.similarity - a.similarity || a.id - b.id);
    kept = kept.slice(0, limit);
    if (kept.length === limit) least = kept.at(-1)?.similarity ?? least;
  }

  return {
    offer(id, similarity) {
      if (similarity < least) return;
      kept.push({ id, similarity });
      if (kept.length >= 2 * limit + 64) cut();
    },
    found() {
      cut();
      return { ids: kept.map(({ id }) => id), similarities: kept.map(({ similarity }) => similarity) };
    },
  };
}
