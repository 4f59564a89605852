import type { Origin } from '../../core/journal.ts';

/** What an import is made of, in the order in which it is read. */
export type ImportItem =
  | ImportedDocument
  | ImportTrouble
  | { readonly type: 'ignored'; readonly what: string };

export interface ImportedDocument {
  readonly type: 'document';
  /** Normalised. */
  readonly path: string;
  readonly text: string;
  /** Whose words, other than the user's, it holds. */
  readonly origins: readonly Origin[];
}

/** Something that was meant to be imported and cannot be. */
export interface ImportTrouble {
  readonly type: 'trouble';
  /** The file, or the conversation in it. */
  readonly where: string;
  /** Why, as a sentence. */
  readonly reason: string;
}

export const trouble = (where: string, reason: string): ImportTrouble => ({ type: 'trouble', where, reason });
