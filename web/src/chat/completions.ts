import { request } from '../connection.ts';
import { t } from '../i18n.ts';
import type { Asked } from './asked-at.ts';
import { conversations } from './conversations.ts';
import { SLASH_COMMANDS } from './slash-commands.ts';

/** Something that can be put in place of the word before the cursor. */
export interface Completion {
  readonly label: string;
  readonly detail: string;
  readonly insert: string;
}

const MOST = 8;

export async function complete({ kind, word }: Asked): Promise<readonly Completion[]> {
  return kind === 'command' ? commandsLike(word) : mentionsLike(word);
}

function commandsLike(word: string): readonly Completion[] {
  const wanted = word.toLowerCase();
  const begun = SLASH_COMMANDS.filter(({ name }) => name.startsWith(wanted));
  const others = SLASH_COMMANDS.filter(({ name }) => !name.startsWith(wanted) && name.includes(wanted));
  return [...begun, ...others].slice(0, MOST).map(({ name, usage, about }) => ({
    label: `/${name} ${usage}`.trim(),
    detail: t(about),
    insert: usage === '' ? `/${name}` : `/${name} `,
  }));
}

/** Documents of memory by their paths, conversations by their titles. */
async function mentionsLike(word: string): Promise<readonly Completion[]> {
  const wanted = word.toLowerCase();
  const paths = await memoryPaths();
  const documents = paths
    .filter((path) => path.toLowerCase().includes(wanted))
    .map((path) => ({ label: path, detail: t('memory'), insert: `\`${path}\` ` }));
  const talks = (conversations.value ?? [])
    .filter(({ title }) => title?.toLowerCase().includes(wanted))
    .map(({ title, conversationId }) => ({
      label: title ?? conversationId,
      detail: t('conversation'),
      insert: `“${title}” (conversation ${conversationId}) `,
    }));
  return [...documents.slice(0, MOST - 3), ...talks].slice(0, MOST);
}

const KEPT_MS = 30_000;
const MOST_PATHS = 500;
let known: { readonly at: number; readonly paths: Promise<readonly string[]> } | undefined;

function memoryPaths(): Promise<readonly string[]> {
  if (known && performance.now() - known.at < KEPT_MS) return known.paths;
  const asked = request('memory-paths', { type: 'memory-paths', limit: MOST_PATHS });
  const paths = asked.then(
    (answer) => answer.paths,
    () => [],
  );
  known = { at: performance.now(), paths };
  return paths;
}
