import type { MemoryDesk } from '../../core/memory.ts';

/** For tests that have nothing to do with memory: whatever is asked of it rejects. */
export function noMemory(): MemoryDesk {
  const refuse = () => Promise.reject(new Error('this test has no memory'));
  return {
    search: refuse,
    read: refuse,
    write: refuse,
    tree: refuse,
    paths: refuse,
    history: refuse,
    status: refuse,
    forget: refuse,
    tidy: refuse,
    steps: refuse,
    undo: refuse,
  };
}
