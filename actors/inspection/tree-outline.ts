import type { TreeNode } from '../../src/core/tree.ts';

/** Whether a tree is another than the one before, ages aside. */
export interface TreeOutline {
  changed(tree: TreeNode): boolean;
}

export function createOutline(): TreeOutline {
  let last = '';
  return {
    changed(tree) {
      const now = JSON.stringify(tree, (key, value: unknown) => (key === 'ageMs' ? undefined : value));
      if (now === last) return false;
      last = now;
      return true;
    },
  };
}
