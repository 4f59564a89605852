import { z } from 'zod';
import { MAX_ORIGIN_CHARACTERS, MAX_ORIGINS } from '../memory.ts';
import { count, moment, text } from './fields.ts';

/** What normalises to a path that is too long is refused by memory itself. */
const path = z.string().regex(/^[^\0\p{Cs}]{1,2000}$/u, 'must be 1 to 2000 characters');
const folder = z
  .string()
  .regex(/^[^\0\p{Cs}]{0,2000}$/u, 'must be at most 2000 characters')
  .default('');
const origin = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must have no control characters')
  .max(MAX_ORIGIN_CHARACTERS);
const version = z.coerce.number('must be a whole number').int().min(1);

export const MemoryPathQuery = z.object({ path });
export const MemoryReadQuery = z.object({ path, version: version.optional() });
export const MemoryListQuery = z.object({ path: folder });
export const MemoryTreeQuery = z.object({ path: folder, depth: count(20, 20) });
export const MemoryPathsQuery = z.object({
  after: z.string().max(2000).optional(),
  limit: count(1_000, 1_000),
});
export const MemoryStepsQuery = z.object({ limit: count(20, 1_000) });

const entry = z.object({
  path: z.string(),
  is_dir: z.boolean(),
  /** Of a document. */
  characters: z.number().exactOptional(),
  updated_at: moment.exactOptional(),
  /** Beneath a folder whose contents are not listed. */
  documents: z.number().exactOptional(),
});

/** At most 500 entries; `complete` says whether that was all. */
export const MemoryTreeReply = z.object({ entries: z.array(entry), complete: z.boolean() });
export const MemoryListReply = z.object({
  path: z.string(),
  entries: z.array(entry.extend({ name: z.string() })),
  complete: z.boolean(),
});
export const MemoryPathsReply = z.object({ paths: z.array(z.string()).readonly() });

export const MemoryReadReply = z.object({
  path: z.string(),
  content: z.string(),
  version: z.number(),
  updated_at: moment,
  /** Whose words, other than the user's, it holds. */
  origins: z.array(z.string()).readonly(),
});

export const MemoryWriteBody = z.object({
  path,
  content: text,
  /** At the end of what is there, rather than in its place. */
  append: z.boolean().default(false),
  /** The version that the change was made from: where another is there by now, nothing is written. */
  expected_version: version.optional(),
  /** Written although another version is there, and although it looks private where others can see it. */
  force: z.boolean().default(false),
  /** Whose words, other than the user's, it holds. */
  origins: z.array(origin).max(MAX_ORIGINS).default([]),
});
export const MemoryRestoreBody = z.object({ path, version });
export const MemoryWriteReply = z.object({
  path: z.string(),
  status: z.enum(['written', 'unchanged']),
  /** Whether it went to another path than was named. */
  redirected: z.boolean(),
  version: z.number(),
  /** What was taken out of the text, and why it went elsewhere, as sentences. */
  notes: z.array(z.string()).readonly(),
});

export const MemorySearchBody = z.object({
  query: z
    .string()
    // What is longer than any question says nothing more.
    .transform((words) => words.slice(0, 10_000).toWellFormed().replaceAll('\u0000', ' ')),
  limit: count(10, 50),
  folder: folder.optional(),
});
export const MemorySearchReply = z.object({
  /** Best first. */
  results: z.array(
    z.object({
      path: z.string(),
      /** The part of the passage that fits best. */
      content: z.string(),
      /** From 0 to 1. */
      score: z.number(),
      updated_at: moment,
      origins: z.array(z.string()).readonly(),
      /** Which passage of its document, from 0. */
      passage: z.number().exactOptional(),
      /** The matching words of `content`: start and end, in UTF-16 units. */
      highlights: z
        .array(z.tuple([z.number(), z.number()]).readonly())
        .readonly()
        .exactOptional(),
    }),
  ),
  /** Why something may be missing that a full search would find, as a sentence. */
  partial: z.string().exactOptional(),
});

export const MemoryVersionsReply = z.object({
  path: z.string(),
  /** Those that are kept, newest first. */
  versions: z.array(z.object({ version: z.number(), characters: z.number(), changed_at: moment })),
});

export const MemoryExplainReply = z.object({
  path: z.string(),
  passages: z.array(
    z.object({
      first_line: z.number(),
      last_line: z.number(),
      text: z.string(),
      sources: z.array(
        z.object({
          at: moment,
          /** All of it as a sentence. */
          says: z.string(),
          origins: z.array(z.string()).readonly(),
          by: z.enum(['user', 'assistant', 'distiller', 'consolidator', 'import']).exactOptional(),
          thread_id: z.string().exactOptional(),
          turn_id: z.string().exactOptional(),
          name: z.string().exactOptional(),
          derived_from: z.array(z.string()).readonly().exactOptional(),
        }),
      ),
    }),
  ),
});

export const MemoryForgetBody = z.object({
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('document'), path }),
    z.object({ kind: z.literal('conversation'), thread_id: z.string().min(1).max(200) }),
    /** Whose words, as origins name them: `the page https://…`; the import of that name. */
    z.object({ kind: z.literal('source'), source: origin }),
  ]),
  /** Only tells what would be gone. */
  dry_run: z.boolean().default(true),
});
export const MemoryForgetReply = z.object({
  dry_run: z.boolean(),
  documents: z.array(
    z.object({
      path: z.string(),
      /** The whole document, or only some of its passages. */
      whole: z.boolean(),
      passages: z.number(),
      versions: z.number(),
    }),
  ),
});

const step = z.object({
  /** Empty in a dry run. */
  id: z.string(),
  at: moment,
  action: z.enum(['merge', 'fold', 'evict', 'expire']),
  paths: z.array(z.string()).readonly(),
  reason: z.string(),
  undone: z.boolean(),
});
export const MemoryTidyBody = z.object({ dry_run: z.boolean().default(true) });
export const MemoryTidyReply = z.object({
  dry_run: z.boolean(),
  steps: z.array(step).readonly(),
  /** Why nothing was done, for people. */
  busy: z.string().exactOptional(),
});
export const MemoryStepsReply = z.object({ steps: z.array(step).readonly() });
export const MemoryUndoBody = z.object({ step_id: z.string().min(1).max(200) });
export const MemoryUndoReply = z.object({ undone: z.boolean(), message: z.string() });

export const MemoryStatusReply = z.object({
  documents: z.number(),
  bytes: z.number(),
  versions: z.number(),
  chunks: z.number(),
  changed_at: moment.exactOptional(),
  vectors: z.object({
    model: z.string().exactOptional(),
    embedded: z.number(),
    pending: z.number(),
    trouble: z.string().exactOptional(),
  }),
});

export type MemoryEntry = z.infer<typeof entry>;
export type MemoryTreeReply = z.infer<typeof MemoryTreeReply>;
export type MemoryListReply = z.infer<typeof MemoryListReply>;
export type MemoryPathsReply = z.infer<typeof MemoryPathsReply>;
export type MemoryReadReply = z.infer<typeof MemoryReadReply>;
export type MemoryWriteBody = z.input<typeof MemoryWriteBody>;
export type MemoryWriteReply = z.infer<typeof MemoryWriteReply>;
export type MemorySearchBody = z.input<typeof MemorySearchBody>;
export type MemorySearchReply = z.infer<typeof MemorySearchReply>;
export type MemoryVersionsReply = z.infer<typeof MemoryVersionsReply>;
export type MemoryExplainReply = z.infer<typeof MemoryExplainReply>;
export type MemoryForgetBody = z.input<typeof MemoryForgetBody>;
export type MemoryForgetReply = z.infer<typeof MemoryForgetReply>;
export type MemoryTidyReply = z.infer<typeof MemoryTidyReply>;
export type MemoryStepsReply = z.infer<typeof MemoryStepsReply>;
export type MemoryUndoReply = z.infer<typeof MemoryUndoReply>;
export type MemoryStatusReply = z.infer<typeof MemoryStatusReply>;
