import type { TreeNode } from '../core/tree.ts';
import { plainText } from './plain-text.ts';
import type { Style } from './style.ts';

/** The supervision tree, one actor a line: state, strategy, restarts and how much waits in its mailbox. */
export function treeText(root: TreeNode, style: Style): string {
  return [line(root, style), ...branches(root, '', style)].join('\n');
}

function branches(node: TreeNode, indent: string, style: Style): readonly string[] {
  return node.children.flatMap((child, index) => {
    const last = index === node.children.length - 1;
    const own = `${indent}${last ? '└─ ' : '├─ '}${line(child, style)}`;
    return [own, ...branches(child, `${indent}${last ? '   ' : '│  '}`, style)];
  });
}

function line(node: TreeNode, style: Style): string {
  const name = node.kind === 'supervisor' ? style.bold(plainText(node.id)) : plainText(node.id);
  const strategy = node.strategy === undefined ? '' : `  ${style.dim(node.strategy)}`;
  return `${name}  ${state(node, style)}${strategy}${remarks(node, style)}`;
}

function state({ state }: TreeNode, style: Style): string {
  if (state === 'restarting' || state === 'starting') return style.warn(state);
  return state === 'stopped' ? style.bad(state) : style.good(plainText(state));
}

function remarks({ incarnation, restarts, mailbox, lastExit }: TreeNode, style: Style): string {
  const counts = `restarts ${restarts}, mailbox ${mailbox}`;
  if (restarts === 0 && mailbox === 0 && lastExit === undefined) return `  ${style.dim(counts)}`;
  const exit = lastExit === undefined ? '' : `, last exit: ${plainText(lastExit)}`;
  return `  ${style.warn(`life ${incarnation}, ${counts}${exit}`)}`;
}
