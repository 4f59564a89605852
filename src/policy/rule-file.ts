import { watchFile } from '../config/index.ts';
import { MAX_POLICY_BYTES, readRules } from './read-rules.ts';
import type { PolicyRules } from './rules.ts';

/** The rules of a file (absolute path). A missing file has no rules; one that cannot be read, or is mistaken, is trouble. */
export const createRuleFile = (path: string): PolicyRules =>
  watchFile({
    path,
    maxBytes: MAX_POLICY_BYTES,
    none: { forbidden: [], users: new Map(), rules: [] },
    hint: 'Make it a text file that the assistant may read, or remove it. Until then no tool runs.',
    read: (bytes) => readRules(path, bytes),
  });
