import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantise } from '../quantise.ts';
import { createMatrix } from './matrix.ts';

/** What any search must find, by the textbook. */
function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, left, right] = [0, 0, 0];
  for (let place = 0; place < a.length; place++) {
    const [x = 0, y = 0] = [a[place], b[place]];
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  return dot / Math.sqrt(left * right);
}

const byte = fc.integer({ min: -127, max: 127 });

/** Vectors of one length that no multiple of 16 need be, by chunk; then changes to them. */
const story = fc.integer({ min: 1, max: 40 }).chain((dimensions) => {
  const vector = fc
    .array(byte, { minLength: dimensions, maxLength: dimensions })
    .filter((values) => values.some((value) => value !== 0));
  const step = fc.oneof(
    fc.record({ type: fc.constant('add' as const), id: fc.integer({ min: 1, max: 9 }), vector }),
    fc.record({ type: fc.constant('remove' as const), id: fc.integer({ min: 1, max: 9 }), vector }),
  );
  return fc.record({ dimensions: fc.constant(dimensions), steps: fc.array(step), query: vector });
});

test('whatever was added, replaced and removed, the nearest are those by the textbook', () => {
  fc.assert(
    fc.property(story, fc.integer({ min: 1, max: 10 }), ({ dimensions, steps, query }, limit) => {
      const matrix = createMatrix(dimensions);
      const kept = new Map<number, readonly number[]>();
      for (const { type, id, vector } of steps) {
        if (type === 'add') matrix.add([id], Int8Array.from(vector));
        else matrix.remove([id]);
        if (type === 'add') kept.set(id, vector);
        else kept.delete(id);
      }
      const best = [...kept].map(([, vector]) => cosine(vector, query)).sort((a, b) => b - a);
      const found = matrix.nearest(Int8Array.from(query), limit);
      expect(matrix.size).toBe(kept.size);
      expect(found.similarities).toHaveLength(Math.min(limit, kept.size));
      for (const [place, id] of found.ids.entries()) {
        expect(found.similarities[place]).toBeCloseTo(best[place] ?? Number.NaN, 6);
        expect(found.similarities[place]).toBeCloseTo(cosine(kept.get(id) ?? [], query), 6);
      }
      const asked = matrix.similarities(Int8Array.from(query), [1, 2, 3]);
      expect(asked.ids).toEqual([1, 2, 3].filter((id) => kept.has(id)));
      for (const [place, id] of asked.ids.entries())
        expect(asked.similarities[place]).toBeCloseTo(cosine(kept.get(id) ?? [], query), 6);
    }),
  );
});

test('the best of more vectors than are compared at once are found wherever they are', () => {
  const matrix = createMatrix(16);
  const count = 10_000;
  const vectors = Int8Array.from({ length: count * 16 }, (_, at) => ((at * 7919) % 251) - 125);
  const ids = Array.from({ length: count }, (_, row) => row + 1);
  matrix.add(ids, vectors);
  const rowOf = (id: number) => vectors.subarray((id - 1) * 16, id * 16);
  const query = rowOf(9_999);
  const expected = ids.map((id) => cosine(rowOf(id), query)).sort((a, b) => b - a);
  const found = matrix.nearest(query, 60);
  expect(found.ids).toHaveLength(60);
  for (const [place, similarity] of found.similarities.entries())
    expect(similarity).toBeCloseTo(expected[place] ?? Number.NaN, 6);
});

test('a byte for each dimension keeps angles', () => {
  const wave = (shift: number) => Array.from({ length: 512 }, (_, at) => Math.sin(at * 0.37 + shift) / 20);
  for (const shift of [0.1, 0.5, 1, 1.5, 2, 3]) {
    const [a, b] = [wave(0), wave(shift)];
    const kept = cosine(quantise(a) ?? [], quantise(b) ?? []);
    expect(Math.abs(kept - cosine(a, b))).toBeLessThan(0.001);
  }
});

test('what has no direction is no vector', () => {
  expect(quantise([0, 0, 0])).toBeUndefined();
  expect(quantise([1, Number.NaN])).toBeUndefined();
  expect(quantise([1, Number.POSITIVE_INFINITY])).toBeUndefined();
  expect(quantise([])).toBeUndefined();
});
