import { useEffect, useRef, useState } from 'preact/hooks';
import { inWords } from '../../../src/core/chart/words.ts';
import type { TreeNode } from '../../../src/core/tree.ts';
import { duration } from '../format.ts';
import { t } from '../i18n.ts';
import { Tree, type TreeItem } from '../ui/index.ts';
import { shortId } from './tree-walk.ts';

export interface SupervisionProps {
  readonly root: TreeNode;
  readonly chosen: string | undefined;
  onChoose(path: string): void;
}

/** Open at first: so much that everything that works is in sight. */
const OPEN_DEPTH = 3;

/** Who stands under whom, with what each has used of its restarts. */
export function Supervision({ root, chosen, onChoose }: SupervisionProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const open = new Set<string>();
  const items = [item(root, 0, chosen, toggled, open)];
  const toggle = (path: string) => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector('[aria-selected="true"] > .tree-row')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div ref={place}>
      <Tree
        label={t('Supervision tree')}
        items={items}
        chosen={chosen}
        open={open}
        onChoose={onChoose}
        onToggle={toggle}
      />
    </div>
  );
}

function item(
  node: TreeNode,
  depth: number,
  chosen: string | undefined,
  toggled: ReadonlySet<string>,
  open: Set<string>,
): TreeItem {
  const { path, children } = node;
  const isOpen = depth < OPEN_DEPTH || chosen?.startsWith(`${path}/`) === true;
  if (isOpen !== toggled.has(path)) open.add(path);
  return {
    id: path,
    label: <NodeLabel node={node} />,
    ...(children.length > 0 && {
      children: children.map((child) => item(child, depth + 1, chosen, toggled, open)),
    }),
  };
}

function NodeLabel({ node }: { readonly node: TreeNode }) {
  const { id, state, kind, restarts, mailbox } = node;
  return (
    <span class={`node ${moodOf(node)}`} title={factsOf(node)}>
      <i class="node-dot" aria-hidden="true" />
      <span class="cut node-name">{shortId(id)}</span>
      {kind === 'worker' && <span class="cut node-state">{inWords(state)}</span>}
      {mailbox > 0 && <span class="node-count">{t('{count} waiting', { count: mailbox })}</span>}
      {restarts > 0 && (
        <span class="node-restarts" title={t('Restarts')}>
          ↻{restarts}
        </span>
      )}
    </span>
  );
}

const WAITING = new Set(['awaitingApproval', 'awaitingBudget']);
const RESTING = new Set(['running', 'idle', 'open', 'closed', 'listening', 'done', 'ready']);

/** `you`, `busy`, `calm`, `gone`: the colour of its dot. */
export function moodOf({ kind, state }: TreeNode): string {
  if (WAITING.has(state)) return 'you';
  if (state === 'stopped' || state === 'restarting' || state === 'failed') return 'gone';
  return kind === 'supervisor' || RESTING.has(state) ? 'calm' : 'busy';
}

function factsOf({ path, ageMs, strategy, intensity, lastExit, incarnation }: TreeNode): string {
  return [
    path,
    ...(strategy ? [strategy] : []),
    ...(intensity ? [t('{used} of {allowed} restarts used', { ...intensity })] : []),
    t('life {incarnation}', { incarnation }),
    ...(ageMs === undefined ? [] : [t('for {time}', { time: duration(ageMs) })]),
    ...(lastExit ? [t('last ended: {why}', { why: lastExit })] : []),
  ].join('\n');
}
