/** What lies in memory, as a tree draws it. */
export interface MemoryNode {
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** Undefined: a document. */
  readonly children?: readonly MemoryNode[];
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly documents: string[];
}

/** A tree of documents' paths, folders first, each by name. */
export function nested(paths: readonly string[]): readonly MemoryNode[] {
  const root: Folder = { folders: new Map(), documents: [] };
  for (const path of paths) {
    const parts = path.split('/');
    const name = parts.pop() ?? path;
    parts.reduce(within, root).documents.push(name);
  }
  return nodesOf(root, '');
}

function within(folder: Folder, name: string): Folder {
  const found = folder.folders.get(name);
  if (found !== undefined) return found;
  const made: Folder = { folders: new Map(), documents: [] };
  folder.folders.set(name, made);
  return made;
}

function nodesOf(folder: Folder, prefix: string): readonly MemoryNode[] {
  const folders = [...folder.folders].map(([name, inner]) => {
    const path = `${prefix}${name}`;
    return { path, name, children: nodesOf(inner, `${path}/`) };
  });
  const documents = folder.documents.map((name) => ({ path: `${prefix}${name}`, name }));
  return [...folders.sort(byName), ...documents.sort(byName)];
}

const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const byName = (a: MemoryNode, b: MemoryNode): number => order.compare(a.name, b.name);
