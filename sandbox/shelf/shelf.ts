import type { Refusal } from '../../machines/refusal.ts';
import type { AuditRecord } from '../../src/core/audit.ts';
import {
  type GrantStore,
  type RequestedItem,
  requestedItems,
  type ToolFile,
  type ToolFolder,
} from '../../src/extensions/index.ts';
import type { SandboxedTool } from '../call/sandboxed-tool.ts';
import { grant, type LoadServices, loadTool, type ReadTool } from './load-tool.ts';

/** The tools of the tools folder. */
export interface Shelf {
  /**
   * Looks at the folder and makes of it what there is now: new and changed files are loaded, tools whose files are
   * gone go, and what was approved of them. A file that cannot be loaded leaves what stood in its place before, and everybody else, alone. One look
   * at a time; a look asked for meanwhile follows.
   */
  refresh(): Promise<void>;
  tools(): readonly SandboxedTool[];
  /** Every tool file there is, with what became of it, by name. */
  list(): readonly ShelfEntry[];
}

export interface ShelfEntry {
  readonly name: string;
  /** The tool that stands there; none where its file could never be loaded. */
  readonly tool: ReadTool | undefined;
  /** What it asks for, and whether the user approved it. */
  readonly items: readonly (RequestedItem & { readonly approved: boolean })[];
  /** Why the file that lies there now is not in use. */
  readonly trouble: Refusal | undefined;
}

export interface ShelfOptions extends LoadServices {
  readonly folder: ToolFolder;
  readonly grants: GrantStore;
  /** Whether a name belongs to somebody else. */
  readonly isTaken: (name: string) => boolean;
  /** Told what stands on the shelf after each look that changed it, and what happened. */
  readonly onChange: (tools: readonly SandboxedTool[], records: readonly AuditRecord[]) => void;
}

interface Place {
  /** Tells one state of the files from another. */
  readonly version: string;
  readonly read: ReadTool | undefined;
  readonly approved: ReadonlySet<string>;
  readonly trouble: Refusal | undefined;
}

/** Cost of a look: one directory listing and a stat for each file; only what changed is read. */
export function createShelf(options: ShelfOptions): Shelf {
  let places: ReadonlyMap<string, Place> = new Map();
  let looking: Promise<void> | undefined;
  let again: Promise<void> | undefined;

  async function look(): Promise<void> {
    const records: AuditRecord[] = [];
    const next = await survey(options, places, records);
    const gone = [...places].filter(([name, { read }]) => read && !next.get(name)?.read);
    places = next;
    if (records.length > 0) options.onChange(toolsOf(next), records);
    // A stranger's file that comes under the same name later must not find what was approved of this one.
    for (const [name] of gone) await options.grants.forget(name);
  }

  async function refresh(): Promise<void> {
    if (looking) {
      again ??= looking.then(() => {
        again = undefined;
        return refresh();
      });
      return again;
    }
    looking = look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  return {
    refresh,
    tools: () => toolsOf(places),
    list: () => [...places].map(([name, place]) => entryOf(name, place)),
  };
}

async function survey(
  options: ShelfOptions,
  before: ReadonlyMap<string, Place>,
  records: AuditRecord[],
): Promise<ReadonlyMap<string, Place>> {
  const { tools, troubles } = await options.folder.scan();
  const next = new Map<string, Place>();
  for (const file of tools) {
    const place = await placeOf(options, file, before.get(file.name));
    next.set(file.name, place);
    records.push(...changesOf(file.name, before.get(file.name), place));
  }
  for (const { name, rule, message } of troubles) {
    // A manifest that is left over says that the tool is gone.
    const stays = rule === 'orphan-manifest' ? undefined : before.get(name);
    const place = misplaced(stays, { rule, message });
    next.set(name, place);
    records.push(...changesOf(name, before.get(name), place));
  }
  for (const [name, place] of before) {
    if (!next.has(name) && place.read)
      records.push({ kind: 'tool.removed', tool: name, message: `${name} is gone.` });
  }
  return new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A file that is in trouble as a whole, for example because it is too large: what stood there stays. */
function misplaced(before: Place | undefined, trouble: Refusal): Place {
  const { read, approved = new Set<string>() } = before ?? {};
  return { version: `trouble ${trouble.rule} ${trouble.message}`, read, approved, trouble };
}

async function placeOf(options: ShelfOptions, file: ToolFile, before: Place | undefined): Promise<Place> {
  const approved = await options.grants.read(file.name);
  const version = JSON.stringify([file.sha256, file.manifestText ?? null]);
  if (before?.version === version) return { ...before, approved };
  if (options.isTaken(file.name)) {
    const message = `There is a built-in tool named ${file.name}. Give the file another name.`;
    return { version, read: undefined, approved, trouble: { rule: 'name-taken', message } };
  }
  const loaded = await loadTool(options, file);
  if (loaded.ok) return { version, read: loaded.value, approved, trouble: undefined };
  return { version, read: before?.read, approved, trouble: loaded.error };
}

function changesOf(name: string, before: Place | undefined, now: Place): readonly AuditRecord[] {
  if (before?.version !== now.version) return [arrival(name, now)];
  if (isSame(before.approved, now.approved)) return [];
  return [{ kind: 'tool.loaded', tool: name, message: `What ${name} may do was changed.` }];
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));

function arrival(name: string, { read, trouble }: Place): AuditRecord {
  if (trouble) return { kind: 'tool.rejected', tool: name, ...trouble };
  const component = read?.artefact.componentHash.slice(0, 16) ?? '';
  return { kind: 'tool.loaded', tool: name, message: `${name} is ready.`, detail: { component } };
}

const toolsOf = (places: ReadonlyMap<string, Place>): readonly SandboxedTool[] =>
  [...places.values()].flatMap(({ read, approved }) => (read ? [grant(read, approved)] : []));

function entryOf(name: string, { read, approved, trouble }: Place): ShelfEntry {
  const items = read ? requestedItems(read.manifest.capabilities) : [];
  return {
    name,
    tool: read,
    items: items.map((item) => ({ ...item, approved: approved.has(item.id) })),
    trouble,
  };
}
