import type { TreeNode } from '../../../src/core/tree.ts';

export function* nodesOf(root: TreeNode): Iterable<TreeNode> {
  yield root;
  for (const child of root.children) yield* nodesOf(child);
}

export function nodeAt(root: TreeNode | undefined, path: string): TreeNode | undefined {
  if (!root) return undefined;
  for (const node of nodesOf(root)) if (node.path === path) return node;
  return undefined;
}

const TURN = /^root\/conversations\/sessions\/([^/]+)\/turn$/;

/** The conversation whose turn an actor, or one below it, is; undefined: none. */
export const conversationOf = (path: string): string | undefined =>
  /^root\/conversations\/sessions\/([^/]+)/.exec(path)?.[1];

export const isTurn = ({ path }: TreeNode): boolean => TURN.test(path);

/** Turns that are at work or waiting, the youngest first. */
export function runningTurns(root: TreeNode): readonly TreeNode[] {
  return [...nodesOf(root)]
    .filter((node) => isTurn(node) && node.state !== 'done' && node.state !== 'stopped')
    .sort((a, b) => (a.ageMs ?? 0) - (b.ageMs ?? 0));
}

/** Ids of conversations are long; their end tells them apart. */
export const shortId = (id: string): string =>
  /^([0-9A-Z]{26}|[0-9a-f]{32})$/.test(id) ? `…${id.slice(-6)}` : id;
