import { describe } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { type ConformanceRecord, testDurableStore } from './testing/conformance.ts';

describe('the store in memory', () => {
  const store = new MemoryStore<ConformanceRecord, never>();
  let keys = 0;
  testDurableStore(() => ({
    store,
    newKey: () => `test/${++keys}`,
    newInput: async (key) => `${key}/${++keys}`,
    entries: async (key) => store.actor(key).journal,
    deadLetters: async (key) => store.actor(key).deadLetters,
  }));
});
