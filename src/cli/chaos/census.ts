import type { TreeNode } from '../../core/tree.ts';

/** An actor of the tree with those above it, the root first. */
export interface Actor {
  readonly node: TreeNode;
  readonly above: readonly TreeNode[];
}

/** All actors of one look at the tree, by path, each before those below it. */
export type Census = ReadonlyMap<string, Actor>;

export function censusOf(root: TreeNode): Census {
  const actors = new Map<string, Actor>();
  const count = (node: TreeNode, above: readonly TreeNode[]): void => {
    actors.set(node.path, { node, above });
    for (const child of node.children) count(child, [...above, node]);
  };
  count(root, []);
  return actors;
}

/** It and everything above it run. One that is still starting is spared: its failure would end its supervisor. */
export function isUp({ node, above }: Actor): boolean {
  return [...above, node].every(({ state }) => !DOWN.has(state));
}

/** It and everything above it do their work, or wait for some. */
export function isAtWork({ node, above }: Actor): boolean {
  return [...above, node].every(({ state }) => !NOT_AT_WORK.has(state));
}

/** The nearest supervisor above: whose restart an actor's crash costs, where it costs one. */
export function supervisorOf({ above }: Actor): TreeNode | undefined {
  return above.findLast(({ kind }) => kind === 'supervisor');
}

/** An actor and those above it with the lives they are in. */
export function lineageOf({ node, above }: Actor): string {
  return [...above, node].map(({ id, incarnation }) => `${id} ${incarnation}`).join('/');
}

export function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`);
}

/** The actor at a path or, where that is gone, the nearest above it. */
export function nearest(census: Census, path: string): Actor | undefined {
  const actor = census.get(path);
  const slash = path.lastIndexOf('/');
  return actor || slash < 0 ? actor : nearest(census, path.slice(0, slash));
}

const DOWN: ReadonlySet<string> = new Set(['starting', 'restarting', 'stopping', 'stopped']);

/** Alive, but not back at work: the states in which a session reads its journal, or waits before it does so again. */
const NOT_AT_WORK: ReadonlySet<string> = new Set([
  'starting',
  'restarting',
  'stopping',
  'activating',
  'stalled',
]);
