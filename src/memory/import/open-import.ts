import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Origin } from '../../core/journal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { MANIFEST, UNFINISHED } from '../export/manifest.ts';
import { type ConversationsKind, conversationItems, conversationsKind } from './conversations.ts';
import { exportedItems } from './exported.ts';
import type { ImportItem } from './import-item.ts';
import { isNote, notesOf } from './notes.ts';
import { isOpenclaw, openclawItems } from './openclaw.ts';
import { filesIn, topFiles } from './walk-folder.ts';

/**
 * `notes`: Markdown and text files; `openclaw`: a workspace of OpenClaw; `chatgpt` and `claude`: their exports;
 * `ironbark`: a folder that was exported from here.
 */
export const IMPORT_KINDS = ['notes', 'openclaw', 'chatgpt', 'claude', 'ironbark'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface OpenedImport {
  readonly kind: ImportKind;
  /** Under which it can be forgotten again. */
  readonly name: string;
  readonly items: AsyncIterable<ImportItem>;
}

interface Wishes {
  /** Instead of the kind that the content tells. */
  readonly kind?: ImportKind;
  readonly name?: string;
}

/** Tells what lies at a path and opens it, or says why it cannot be told. Nothing is guessed. */
export async function openImport(given: string, wishes: Wishes = {}): Promise<Result<OpenedImport, string>> {
  const path = resolve(given);
  const stats = await stat(path).catch(() => undefined);
  if (!stats) return err(`There is nothing at ${path}.`);
  if (stats.isDirectory()) return openFolder(path, wishes);
  return stats.isFile() ? openFile(path, wishes) : err(`${path} is neither a file nor a folder.`);
}

async function openFile(file: string, wishes: Wishes): Promise<Result<OpenedImport, string>> {
  const name = basename(file);
  if (/\.zip$/i.test(name)) return err(`${name} is packed. Unpack it, and import the folder.`);
  if (isNote(name) && (wishes.kind ?? 'notes') === 'notes')
    return ok(opened('notes', wishes.name ?? nameAfter(file), notesOf(dirname(file), [name])));
  if (/\.json$/i.test(name)) return openConversations([file], wishes);
  return err(
    `${name} is nothing that can be imported: Markdown, text, or the conversations.json of an export.`,
  );
}

async function openFolder(folder: string, wishes: Wishes): Promise<Result<OpenedImport, string>> {
  const top = await topFiles(folder);
  if (top.has(UNFINISHED))
    return err('This export was not finished, so it does not say whose words it holds. Export again.');
  const conversations = [...top].filter((name) => CONVERSATIONS.test(name));
  const kind = wishes.kind ?? kindOf(top, conversations);
  if (kind === 'conversations' || kind === 'chatgpt' || kind === 'claude')
    return openConversations(
      conversations.map((name) => join(folder, name)),
      wishes,
    );
  if (kind === undefined)
    return err(
      `${basename(folder)} holds both conversations and notes. Say which: --as chatgpt, claude or notes.`,
    );
  if (kind === 'ironbark' && !top.has(MANIFEST))
    return err(`There is no ${MANIFEST} in ${basename(folder)}.`);
  const name = wishes.name ?? (kind === 'openclaw' ? kind : nameAfter(folder));
  return ok(opened(kind, name, readers[kind](folder, filesIn(folder), originOf(name))));
}

const readers = { notes: notesOf, openclaw: openclawItems, ironbark: exportedItems } as const;

/** Of ChatGPT's larger exports there are several: `conversations-000.json` and on. */
const CONVERSATIONS = /^conversations(?:-\d+)?\.json$/;

/** Undefined where it could be either of two. */
function kindOf(
  top: ReadonlySet<string>,
  conversations: readonly string[],
): Exclude<ImportKind, ConversationsKind> | 'conversations' | undefined {
  if (top.has(MANIFEST)) return 'ironbark';
  if (conversations.length > 0) return [...top].some(isNote) ? undefined : 'conversations';
  return isOpenclaw(top) ? 'openclaw' : 'notes';
}

async function openConversations(
  files: readonly string[],
  { kind: wanted, name }: Wishes,
): Promise<Result<OpenedImport, string>> {
  const [first] = files;
  if (first === undefined) return err('There is no conversations.json in that folder.');
  const kind = await conversationsKind(first);
  if (kind === undefined)
    return err(`${basename(first)} holds no conversations as ChatGPT and Claude export them.`);
  if (wanted !== undefined && wanted !== kind) return err(`${basename(first)} is an export of ${kind}.`);
  const called = name ?? kind;
  return ok(opened(kind, called, conversationItems(files, kind, originOf(called))));
}

/** Of words that an import brings and that are not the user's. */
const originOf = (name: string): Origin => `the import ${name}`;

/** On one line and short: it is a part of origins. */
const nameAfter = (path: string): string =>
  basename(path)
    .toWellFormed()
    .replace(/[\p{Cc}\ufffd]/gu, '_')
    .slice(0, MAX_NAME)
    .toWellFormed() || 'import';

const MAX_NAME = 100;

const opened = (kind: ImportKind, name: string, items: AsyncIterable<ImportItem>): OpenedImport => ({
  kind,
  name,
  items,
});
