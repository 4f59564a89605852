import type { Origin } from './journal.ts';

/** What a person does with memory: that of the running assistant, or of a home folder that none runs on. */
export interface MemoryDesk extends MemoryTidyDesk {
  search(query: string, options: MemorySearch): Promise<MemoryHits>;
  /** The current document or an earlier version; undefined where there is none. */
  read(path: string, version?: number): Promise<MemoryText | undefined>;
  /** What may not be kept is answered with `refused`. */
  write(request: MemoryWrite): Promise<MemoryWritten>;
  /** What lies beneath a folder (`''`: all), so many levels deep; at most 500. */
  tree(folder: string, depth: number): Promise<readonly MemoryBranch[]>;
  /** Paths of documents in a fixed order, after a path; for going through all of them. */
  paths(page: { readonly after?: string; readonly limit: number }): Promise<readonly string[]>;
  /** How a document came to be; undefined where there is no such document. */
  history(path: string): Promise<MemoryHistory | undefined>;
  status(): Promise<MemoryStatus>;
  /** Removes what was kept and all that was made of it. */
  forget(target: ForgetTarget, options: { readonly dryRun: boolean }): Promise<ForgetReport>;
}

export interface MemorySearch {
  /** Passages at most. */
  readonly limit: number;
  /** Only beneath this folder. */
  readonly folder?: string;
}

export interface MemoryHits {
  /** Best first. */
  readonly hits: readonly MemoryHit[];
  /** Why something may be missing that a full search would find, as a sentence. */
  readonly partial?: string;
}

export interface MemoryHit {
  readonly path: string;
  /** How well it fits, from 0 to 1. */
  readonly score: number;
  readonly snippet: string;
  readonly updatedAt: string;
  /** Whose words, other than the user's, it holds. */
  readonly origins: readonly Origin[];
  /** Which passage of its document, from 0. */
  readonly passage?: number;
  /** The matching words in the snippet: start and end, in UTF-16 units. */
  readonly highlights?: readonly (readonly [start: number, end: number])[];
}

export interface MemoryText {
  readonly path: string;
  readonly content: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly origins: readonly Origin[];
}

export interface MemoryWrite {
  readonly path: string;
  readonly text: string;
  /** At the end of what is there, rather than in its place. */
  readonly append: boolean;
  /** Whose words, other than the user's, the text holds. */
  readonly origins?: readonly Origin[];
  /** Where an import writes it: its name, and whether it may replace what it did not write. */
  readonly import?: { readonly name: string; readonly replace: boolean };
  /** Only tells what would come of it. */
  readonly dryRun?: boolean;
  /** The version that the text was made from. Where another is there, nothing is written. */
  readonly ifVersion?: number;
  /** What looks private may be written where others see it. */
  readonly force?: boolean;
  /** Writes again what this earlier version held, in place of `text`. */
  readonly restore?: number;
}

/**
 * `unchanged`: the document says just this already. `kept`: there is a document that this import did not
 * write, or that was changed since.
 */
export type MemoryWritten =
  | {
      readonly outcome: 'written';
      readonly path: string;
      /** What was taken out of the text, as a sentence. */
      readonly removed?: string;
      /** Why it went to another path than was named, as a sentence. */
      readonly redirected?: string;
    }
  | { readonly outcome: 'unchanged' | 'kept'; readonly path: string }
  | { readonly outcome: 'refused'; readonly path: string; readonly reason: string };

/** A document, or a folder whose contents lie deeper. */
export type MemoryBranch =
  | {
      readonly type: 'document';
      readonly path: string;
      readonly characters: number;
      readonly updatedAt: string;
    }
  | { readonly type: 'folder'; readonly path: string; readonly documents: number };

export interface MemoryHistory {
  /** Those that are kept, newest first. */
  readonly versions: readonly MemoryRevision[];
  /** In the order of the document, without its blank lines. */
  readonly passages: readonly MemoryPassage[];
}

/** Lines that follow on each other and come from the same sources. */
export interface MemoryPassage {
  /** Numbers of lines, from 1 on. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
  /** The earliest first. More than one brought it each, or it was made of what they said. */
  readonly sources: readonly MemoryProvenance[];
}

export interface MemoryProvenance extends Partial<MemorySource> {
  /** ISO 8601. */
  readonly at: string;
  /** Whose words, other than the user's, had a hand in it. */
  readonly origins: readonly Origin[];
  /** The passage was made of this and others, so that none of them brought it alone. */
  readonly mixed: boolean;
  /** All of that as a sentence. */
  readonly says: string;
}

export interface MemoryRevision {
  readonly version: number;
  readonly characters: number;
  readonly changedAt: string;
}

/** Longest origin and most of them that are taken in with a text. */
export const MAX_ORIGIN_CHARACTERS = 200;
export const MAX_ORIGINS = 20;

/** Where something that is remembered came from. */
export interface MemorySource {
  /** Who wrote it down: the user by hand, the assistant in a conversation or from one that ended, an import. */
  readonly by: 'user' | 'assistant' | 'distiller' | 'consolidator' | 'import';
  readonly conversationId?: string;
  readonly turnId?: string;
  /** Of an import: its name. */
  readonly name?: string;
  /** Documents that the text was made of: what is forgotten of them, is forgotten here as well. */
  readonly derivedFrom?: readonly string[];
}

/** What is to be forgotten, with all that was derived from it. */
export type ForgetTarget =
  | { readonly kind: 'conversation'; readonly conversationId: string }
  /** Whose words, as origins name them: `the page https://…`; the import of that name. */
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'document'; readonly path: string };

export interface ForgetReport {
  /** What is (or, in a dry run, would be) gone, by document. */
  readonly documents: readonly {
    readonly path: string;
    /** The whole document, or only some of its passages. */
    readonly whole: boolean;
    readonly passages: number;
    readonly versions: number;
  }[];
}

/** One step by which memory was tidied. */
export interface MemoryStep {
  readonly id: string;
  readonly at: string;
  readonly action: 'merge' | 'fold' | 'evict' | 'expire';
  readonly paths: readonly string[];
  /** Why, in a sentence for people. */
  readonly reason: string;
  readonly undone: boolean;
}

/** What a person does with the tidying of memory. */
export interface MemoryTidyDesk {
  /** Merges, folds and removes what it would by night; in a dry run only tells what that would be. */
  tidy(options: { readonly dryRun: boolean }): Promise<TidyReport>;
  /** The latest steps, newest first. */
  steps(limit: number): Promise<readonly MemoryStep[]>;
  /** Puts everything back as it was before a step. */
  undo(stepId: string): Promise<UndoOutcome>;
}

export interface TidyReport {
  /** In their order. Those of a dry run have no id. */
  readonly steps: readonly MemoryStep[];
  /** Why nothing was done, for people. */
  readonly busy?: string;
}

export interface UndoOutcome {
  readonly undone: boolean;
  /** For people. */
  readonly message: string;
}

export interface MemoryStatus {
  readonly documents: number;
  /** Of all documents, in UTF-8. */
  readonly bytes: number;
  readonly versions: number;
  readonly chunks: number;
  readonly changedAt?: string;
  readonly vectors: {
    /** Name of the embedding model; absent where there is none. */
    readonly model?: string;
    readonly embedded: number;
    readonly pending: number;
    /** Why vectors are not kept up at the moment, for people. */
    readonly trouble?: string;
  };
}
