import { setTimeout as wait } from 'node:timers/promises';
import type { ShelfEntry } from '../../sandbox/index.ts';
import type { ExtensionInfo, ExtensionsDesk } from '../core/extensions.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Home } from '../storage/index.ts';
import type { ToolInstaller } from '../tools/index.ts';

/** The tools that lie in the folder, as the sandbox knows them. */
export interface ExtensionShelf {
  /** Empty, without loading anything, where there is none. */
  list(): Promise<readonly ShelfEntry[]>;
  /** Looks at the folder now rather than when it is next noticed. */
  refresh(): Promise<void>;
}

export interface ExtensionsParts {
  readonly home: Home;
  readonly shelf: ExtensionShelf;
  readonly installer: ToolInstaller;
  readonly approve: (tool: string, ids: readonly string[]) => Promise<void>;
}

export function createExtensionsDesk(parts: ExtensionsParts): ExtensionsDesk {
  const { home, shelf, installer } = parts;

  /** What was changed shows in the next answer. */
  async function refreshed<T>(outcome: Result<T, string>): Promise<Result<T, string>> {
    if (outcome.ok) await settle(shelf);
    return outcome;
  }

  async function approve(name: string, ids: readonly string[] | 'all'): Promise<Result<void, string>> {
    const entry = (await shelf.list()).find((one) => one.name === name);
    if (!entry) return err(`No tool named ${name} is installed.`);
    const asked = entry.items.map(({ id }) => id);
    const unknown = ids === 'all' ? undefined : ids.find((id) => !asked.includes(id));
    if (unknown !== undefined) return err(`${name} does not ask for ${unknown.slice(0, 200)}.`);
    await parts.approve(name, ids === 'all' ? asked : ids);
    return refreshed(ok(undefined));
  }

  return {
    folder: home.toolsDir,
    list: async () => (await shelf.list()).map(infoOf),
    async secretsOf(name) {
      const needed = await installer.needs(name);
      return needed.ok ? needed.value : undefined;
    },
    read: (path) => installer.read(path),
    install: async (path, print) => refreshed(await installer.install(path, print)),
    approve,
    remove: async (name) => refreshed(await installer.remove(name)),
  };
}

/** The folder leaves a file alone until it has rested for a quarter of a second. */
const LOOK_AGAIN_MS = 300;
const MOST_LOOKS = 10;

async function settle(shelf: ExtensionShelf): Promise<void> {
  for (let look = 1; look <= MOST_LOOKS; look++) {
    await shelf.refresh();
    const entries = await shelf.list();
    if (!entries.some(({ trouble }) => trouble?.rule === 'unsettled')) return;
    await wait(LOOK_AGAIN_MS);
  }
}

const infoOf = ({ name, tool, items, trouble }: ShelfEntry): ExtensionInfo => ({
  name,
  description: tool?.tool.description ?? '',
  version: tool?.manifest.version ?? null,
  component: tool?.artefact.componentHash ?? null,
  parameters: tool?.tool.parameters ?? null,
  asks: items,
  trouble: trouble === undefined ? null : `${trouble.message} (${trouble.rule})`,
  notes: tool?.notes ?? [],
});
