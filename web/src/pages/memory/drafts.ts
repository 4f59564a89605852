/** What is being written and not saved yet. */
export interface Draft {
  readonly text: string;
  /** The version that it began from; undefined: there was no document. */
  readonly from: number | undefined;
  /** The text of that version. */
  readonly base: string;
}

/** By path; another page may be visited in between. Gone with the tab, which asks before it is closed. */
export const drafts = new Map<string, Draft>();
