import type { ModelsDesk } from '../core/models.ts';
import { commandNames, contains } from './commands.ts';
import { findFiles } from './find-files.ts';

/** What Tab can fill in. */
export interface Completion {
  /** Best first; each stands in place of the part. */
  readonly candidates: readonly string[];
  /** The end of what stands before the cursor. */
  readonly part: string;
}

export interface CompletionSources {
  conversationIds(): readonly string[];
  /** Undefined as long as there is no connection. */
  models(): ModelsDesk | undefined;
  /** The folder that the assistant's file tools begin in; undefined where it cannot be told. */
  filesFolder(): Promise<string | undefined>;
}

type Arguments = (sources: CompletionSources) => Promise<readonly string[]> | readonly string[];

const ARGUMENTS: { readonly [command: string]: Arguments } = {
  '/help': () => commandNames().map((name) => name.slice(1)),
  '/mode': () => ['interrupt', 'queue', 'steer'],
  '/model': ({ models }) => modelReferences(models()),
  '/resume': ({ conversationIds }) => conversationIds(),
  '/thinking': () => ['default', 'high', 'low', 'medium', 'off'],
};

/**
 * The word before the cursor as a command, as what a command takes, or after `@` as a file, whose path then stands
 * there without the sign: as the user would have typed it, so that it counts as their own word. Names that begin as
 * typed come first; failing those, names that contain the letters in that order.
 */
export async function complete(before: string, sources: CompletionSources): Promise<Completion> {
  const [, file] = /(?:^|\s)@(\S*)$/.exec(before) ?? [];
  if (file !== undefined) return completedFile(file, sources);
  if (/^\/\S*$/.test(before)) return matching(before, commandNames());
  const [, command = '', argument = ''] = /^(\/\S+)\s+(\S*)$/.exec(before) ?? [];
  const known = Object.hasOwn(ARGUMENTS, command) ? ARGUMENTS[command] : undefined;
  return matching(argument, (await known?.(sources)) ?? []);
}

/** The longest beginning that all of them share. */
export function sharedBeginning(candidates: readonly string[]): string {
  const [first = '', ...others] = candidates;
  const shared = Array.from(first).findIndex((char, at) => others.some((other) => other[at] !== char));
  return shared === -1 ? first : first.slice(0, shared);
}

function matching(part: string, names: readonly string[]): Completion {
  const beginning = names.filter((name) => name.startsWith(part));
  return {
    part,
    candidates: beginning.length > 0 ? beginning : names.filter((name) => contains(name, part)),
  };
}

async function completedFile(file: string, { filesFolder }: CompletionSources): Promise<Completion> {
  const folder = await filesFolder();
  const found = folder === undefined ? [] : await findFiles(folder, file);
  const [only] = found;
  const isOne = found.length === 1 && only !== undefined;
  return { part: `@${file}`, candidates: isOne ? [quoted(only)] : found.map((path) => `@${path}`) };
}

const quoted = (path: string): string => (/\s/.test(path) ? `"${path}"` : path);

/** Asks no provider: those that could be asked, by their usual model, and the models in use. */
async function modelReferences(models: ModelsDesk | undefined): Promise<readonly string[]> {
  if (models === undefined) return [];
  const [{ main, cheap }, providers] = await Promise.all([models.status(), models.providers()]);
  const available = providers.filter((provider) => provider.available).map(({ name }) => name);
  return [...new Set(['default', ...[...main, ...cheap].map(({ reference }) => reference), ...available])];
}
