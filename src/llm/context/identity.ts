import type { Origin } from '../../core/journal.ts';
import { frame } from './frame.ts';

/** The beginning of a document of memory. */
export interface IdentityDocument {
  readonly path: string;
  readonly text: string;
  /** Of the whole document. */
  readonly characters: number;
  readonly origins: readonly Origin[];
}

/**
 * The documents that every request begins with, in this order, and how many UTF-8 bytes of each are shown: 6,700
 * together. A token has 4.6 bytes in English prose and 3.7 in Japanese, so that is less than 2,000 tokens of them.
 */
const SHARES: readonly (readonly [path: string, bytes: number])[] = [
  ['SYSTEM.md', 900],
  // What is to be done first of all; it is emptied when that is done.
  ['BOOTSTRAP.md', 500],
  ['AGENTS.md', 1_100],
  ['SOUL.md', 900],
  ['USER.md', 900],
  ['IDENTITY.md', 500],
  ['TOOLS.md', 700],
  ['MEMORY.md', 1_200],
];

export const IDENTITY_PATHS: readonly string[] = SHARES.map(([path]) => path);

/** More characters than are shown of any of them. */
export const IDENTITY_CHARACTERS = 1_200;

/**
 * These documents as a part of the system prompt, which is never summed up; empty where there are none. One that holds
 * words from outside is named only: shown with every message, it would put all that the assistant does under their
 * influence.
 */
export function renderIdentity(documents: readonly IdentityDocument[]): string {
  const blocks = SHARES.flatMap(([path, bytes]) => {
    const document = documents.find((candidate) => candidate.path === path);
    return document && document.text.trim() !== '' ? [shown(document, bytes)] : [];
  });
  return blocks.length === 0 ? '' : [HEADING, ...blocks].join('\n\n');
}

const HEADING = 'What memory says of you and of the user, as far as it is shown with every message:';

function shown(document: IdentityDocument, bytes: number): string {
  const { path, origins } = document;
  return origins.length > 0
    ? `[${path} is not shown, because others had a hand in it; memory_read ${path} shows it]`
    : frame('document', { path }, clipped(document, bytes));
}

/** Ends with a line or a word, so that nothing is shown by half. */
function clipped({ path, text, characters }: IdentityDocument, bytes: number): string {
  const body = text.trim();
  if (characters <= text.length && Buffer.byteLength(body) <= bytes) return body;
  const cut = cutAtSpace(body, bytes);
  return `${cut}\n[The rest is in memory: memory_read ${path}]`;
}

function cutAtSpace(text: string, bytes: number): string {
  const cut = Buffer.from(text)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  const space = cut.search(/\s\S*$/);
  return space > cut.length / 2 ? cut.slice(0, space).trimEnd() : cut;
}
