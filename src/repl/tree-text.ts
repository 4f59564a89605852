import type { TreeNode } from '../core/tree.ts';
import { duration } from './duration.ts';
import { plainText } from './plain-text.ts';
import type { Style } from './style.ts';
import { table } from './tables.ts';

const TITLES = ['actor', 'state', 'life', 'age', 'restarts', 'waiting', 'strategy, used', 'last exit'];

/**
 * The supervision tree, one actor a line: its state, which life it lives and for how long, restarts, messages that
 * wait, for supervisors their strategy with the restarts used of those allowed, and how its last life ended.
 */
export function treeText(root: TreeNode, style: Style): string {
  return table([TITLES.map((title) => style.dim(title)), row(root, '', style), ...branches(root, '', style)]);
}

function branches(node: TreeNode, indent: string, style: Style): readonly (readonly string[])[] {
  return node.children.flatMap((child, index) => {
    const last = index === node.children.length - 1;
    const own = row(child, `${indent}${last ? '└─ ' : '├─ '}`, style);
    return [own, ...branches(child, `${indent}${last ? '   ' : '│  '}`, style)];
  });
}

function row(node: TreeNode, indent: string, style: Style): readonly string[] {
  const { id, kind, incarnation, ageMs, restarts, mailbox, lastExit, intensity } = node;
  const count = (value: number, usual: number) => (value > usual ? style.warn : style.dim)(String(value));
  return [
    indent + (kind === 'supervisor' ? style.bold(plainText(id)) : plainText(id)),
    state(node, style),
    count(incarnation, 1),
    style.dim(ageMs === undefined ? '–' : duration(ageMs)),
    count(restarts, 0),
    count(mailbox, 0),
    (intensity?.used ? style.warn : style.dim)(strategyOf(node)),
    lastExit === undefined ? style.dim('–') : style.warn(plainText(lastExit)),
  ];
}

function state({ state }: TreeNode, style: Style): string {
  if (state === 'restarting' || state === 'starting') return style.warn(state);
  return state === 'stopped' ? style.bad(state) : style.good(plainText(state));
}

function strategyOf({ strategy, intensity }: TreeNode): string {
  if (strategy === undefined) return '–';
  return intensity ? `${strategy}, ${intensity.used}` : strategy;
}
