import { expect, test } from 'vitest';
import { err, ok } from '../../core/result.ts';
import { embedAll } from './embed-all.ts';
import type { Embedder } from './embedder.ts';

const SIGNAL = new AbortController().signal;

/** Writes down what it is asked for; the vector of a text is its length. */
function recording(fails: (texts: readonly string[]) => boolean = () => false) {
  const asked: (readonly string[])[] = [];
  const embedder: Embedder = {
    batch: { texts: 2, characters: 10 },
    async embed(texts) {
      asked.push(texts);
      if (fails(texts)) return err({ kind: 'down', message: 'It is down.' });
      return ok(texts.map((text) => ({ vector: [text.length], speaks: 1 })));
    },
  };
  return { embedder, asked };
}

test('many texts go out in as many requests as they need, and come back in their order', async () => {
  const { embedder, asked } = recording();
  const texts = ['a', 'bb', 'ccc', 'd'.repeat(40), 'eeeeee', 'fffff'];
  expect(await embedAll(embedder, texts, SIGNAL)).toEqual(ok(texts.map((text) => [text.length])));
  expect(asked).toEqual([['a', 'bb'], ['ccc'], ['d'.repeat(40)], ['eeeeee'], ['fffff']]);
});

test('what fails ends it, and nothing is asked for in vain', async () => {
  const { embedder, asked } = recording((texts) => texts.includes('ccc'));
  const made = await embedAll(embedder, ['a', 'bb', 'ccc', 'd', 'e'], SIGNAL);
  expect(made).toEqual(err({ kind: 'down', message: 'It is down.' }));
  expect(asked).toHaveLength(2);
});

test('nothing makes nothing', async () => {
  expect(await embedAll(recording().embedder, [], SIGNAL)).toEqual(ok([]));
});
