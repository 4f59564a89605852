import type { TreeNode } from '../core/tree.ts';
import { duration } from './duration.ts';
import { plainText } from './plain-text.ts';
import type { Style } from './style.ts';
import { table } from './tables.ts';

const TITLES = ['actor', 'state', 'life', 'age', 'restarts', 'waiting', 'strategy, used', 'last exit'];

const LAST_EXIT = TITLES.indexOf('last exit');

/**
 * The supervision tree, one actor a line: its state, which life it lives and for how long, restarts, messages that
 * wait, for supervisors their strategy with the restarts used of those allowed, and how its last life ended.
 */
export function treeText(root: TreeNode, style: Style): string {
  const rows = [row(root, '', style), ...branches(root, '', style)];
  // Most of the time nothing has crashed, and a line that fits is worth more than an empty column.
  const columns = rows.some((cells) => cells[LAST_EXIT] !== '') ? TITLES.length : LAST_EXIT;
  return table([TITLES.map((title) => style.dim(title)), ...rows].map((cells) => cells.slice(0, columns)));
}

function branches(node: TreeNode, indent: string, style: Style): readonly (readonly string[])[] {
  return node.children.flatMap((child, index) => {
    const last = index === node.children.length - 1;
    const own = row(child, `${indent}${last ? '└─ ' : '├─ '}`, style);
    return [own, ...branches(child, `${indent}${last ? '   ' : '│  '}`, style)];
  });
}

function row(node: TreeNode, indent: string, style: Style): readonly string[] {
  const { id, kind, incarnation, ageMs, restarts, mailbox, lastExit } = node;
  const count = (value: number, usual: number) => (value > usual ? style.warn : style.dim)(String(value));
  return [
    indent + (kind === 'supervisor' ? style.bold(plainText(id)) : plainText(id)),
    state(node, style),
    count(incarnation, 1),
    style.dim(ageMs === undefined ? '–' : duration(ageMs)),
    count(restarts, 0),
    count(mailbox, 0),
    strategyOf(node, style),
    lastExit === undefined ? '' : style.warn(plainText(lastExit)),
  ];
}

function state({ state }: TreeNode, style: Style): string {
  if (state === 'restarting' || state === 'starting') return style.warn(state);
  return state === 'stopped' ? style.bad(state) : style.good(plainText(state));
}

function strategyOf({ strategy, intensity }: TreeNode, style: Style): string {
  if (strategy === undefined) return '';
  const text = intensity ? `${strategy}, ${intensity.used}` : strategy;
  return (intensity?.used ? style.warn : style.dim)(text);
}
