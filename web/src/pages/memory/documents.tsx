import { useEffect, useMemo, useState } from 'preact/hooks';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { go } from '../../route.ts';
import { Tree, type TreeItem } from '../../ui/index.ts';
import { documentAddress } from './addresses.ts';
import type { AllPaths } from './all-paths.ts';
import { type MemoryNode, nested } from './nested.ts';

interface DocumentsProps {
  readonly all: AllPaths;
  readonly chosen: string | undefined;
}

/** So few are shown with all folders open. */
const FEW = 40;
const MOST_IN_FOLDER = 300;

/** All of memory as a tree of folders. */
export function Documents({ all: { paths, isCut }, chosen }: DocumentsProps) {
  const nodes = useMemo(() => nested(paths), [paths]);
  const items = useMemo(() => itemsOf(nodes), [nodes]);
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(paths.length <= FEW ? paths.flatMap(foldersOf) : []),
  );
  useEffect(() => {
    if (chosen !== undefined) setOpen((open) => new Set([...open, ...foldersOf(chosen)]));
  }, [chosen]);
  const toggle = (id: string) =>
    setOpen((open) =>
      open.has(id) ? new Set([...open].filter((one) => one !== id)) : new Set([...open, id]),
    );
  return (
    <>
      <Tree
        label={t('Documents')}
        items={items}
        chosen={chosen}
        open={open}
        onToggle={toggle}
        onChoose={(id) => !id.endsWith('/') && go(documentAddress(id))}
      />
      {isCut && <p class="memory-note small">{t('There are more documents. Search finds them all.')}</p>}
    </>
  );
}

/** A folder's id ends in `/`, which tells it from a document of the same name. */
function itemOf({ path, name, children }: MemoryNode): TreeItem {
  return children === undefined
    ? { id: path, label: visible(name) }
    : { id: `${path}/`, label: visible(name), children: itemsOf(children, path) };
}

/** Of very many only the first: nobody looks through them, and drawing them takes long. */
function itemsOf(nodes: readonly MemoryNode[], folder = ''): readonly TreeItem[] {
  const left = nodes.length - MOST_IN_FOLDER;
  const items = nodes.slice(0, MOST_IN_FOLDER).map(itemOf);
  if (left <= 0) return items;
  return [...items, { id: `${folder}/…/`, label: t('{count} more: search finds them', { count: left }) }];
}

/** `a/b/c.md` lies in `a/` and `a/b/`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`);
}
