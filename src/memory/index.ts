export type { Change } from './change.ts';
export type { DocumentHead } from './heads.ts';
export {
  createMemory,
  MAX_DOCUMENT_BYTES,
  MAX_PROMPT_FILE_BYTES,
  type Memory,
  type MemoryDocument,
  type MemoryVersion,
  type PreparedChange,
} from './memory.ts';
export { recalledOrigins } from './origins.ts';
export { documentPath, isPromptFile, normalisePath } from './paths.ts';
export { type Recalled, type RecallQuestion, recall } from './recall.ts';
export type { SearchHit } from './search.ts';
export type { TreeEntry } from './tree.ts';
export type { Statements } from './writes.ts';
