import { ChevronRight } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

export interface TreeItem {
  readonly id: string;
  readonly label: ComponentChildren;
  /** Empty: a folder with nothing in it. Absent: a leaf. */
  readonly children?: readonly TreeItem[];
}

export interface TreeProps {
  readonly label: string;
  readonly items: readonly TreeItem[];
  readonly chosen?: string | undefined;
  readonly open: ReadonlySet<string>;
  onChoose(id: string): void;
  onToggle(id: string): void;
}

/** Up and down move, right opens, left closes, Enter chooses. */
export function Tree({ label, items, chosen, open, onChoose, onToggle }: TreeProps) {
  const root = useRef<HTMLUListElement>(null);
  const first = items[0]?.id;
  const keys = (event: KeyboardEvent, item: TreeItem) => {
    const isOpen = open.has(item.id);
    const done = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (event.key === 'Enter' || event.key === ' ') {
      done();
      onChoose(item.id);
    } else if (event.key === 'ArrowRight' && item.children && !isOpen) {
      done();
      onToggle(item.id);
    } else if (event.key === 'ArrowLeft' && item.children && isOpen) {
      done();
      onToggle(item.id);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      done();
      const all = [...(root.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])];
      const here = all.find((node) => node === document.activeElement);
      const at = here ? all.indexOf(here) : -1;
      all[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    }
  };
  const draw = (item: TreeItem, depth: number): ComponentChildren => (
    <li
      key={item.id}
      role="treeitem"
      aria-expanded={item.children ? open.has(item.id) : undefined}
      aria-selected={item.id === chosen}
      tabIndex={item.id === (chosen ?? first) ? 0 : -1}
      onKeyDown={(event) => keys(event, item)}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the tree item around it takes the keys */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree item around it takes the keys */}
      <div
        class="tree-row"
        style={{ paddingInlineStart: `${depth * 14 + (item.children ? 4 : 22)}px` }}
        onClick={() => {
          if (item.children) onToggle(item.id);
          onChoose(item.id);
        }}
      >
        {item.children && <ChevronRight size={14} aria-hidden="true" />}
        <span class="grow cut">{item.label}</span>
      </div>
      {item.children && open.has(item.id) && (
        // biome-ignore lint/a11y/useSemanticElements: the group of a tree
        <ul role="group">{item.children.map((child) => draw(child, depth + 1))}</ul>
      )}
    </li>
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a tree is a list of lists
    <ul ref={root} class="tree" role="tree" aria-label={label}>
      {items.map((item) => draw(item, 0))}
    </ul>
  );
}
