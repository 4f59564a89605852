export {
  type Change,
  createMemory,
  MAX_DOCUMENT_BYTES,
  MAX_PROMPT_FILE_BYTES,
  type Memory,
  type MemoryDocument,
  type MemoryVersion,
} from './memory.ts';
export { documentPath, normalisePath } from './paths.ts';
export type { SearchHit } from './search.ts';
export type { TreeEntry } from './tree.ts';
export type { Statements } from './writes.ts';
