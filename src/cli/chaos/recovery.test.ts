import { describe, expect, test } from 'vitest';
import type { TreeNode } from '../../core/tree.ts';
import { type Actor, censusOf } from './census.ts';
import { RecoveryWatch } from './recovery.ts';
import { node } from './testing/played-tree.ts';

/** A session with a turn that makes a call; each may be changed, or be missing. */
function treeWith(changes: {
  session?: Partial<TreeNode> | null;
  turn?: Partial<TreeNode> | null;
  call?: string | null;
}) {
  const call = changes.call === null ? [] : [node(`root/s/turn/${changes.call ?? 'call#1'}`, 'worker')];
  const turn =
    changes.turn === null ? [] : [{ ...node('root/s/turn', 'worker'), children: call, ...changes.turn }];
  const session =
    changes.session === null ? [] : [{ ...node('root/s', 'worker'), children: turn, ...changes.session }];
  return censusOf({ ...node('root', 'supervisor'), children: session });
}

function actorAt(path: string): Actor {
  const actor = treeWith({}).get(path);
  if (!actor) throw new Error(`nothing at ${path}`);
  return actor;
}

function watching(path: string): RecoveryWatch {
  const watch = new RecoveryWatch();
  watch.admit(actorAt(path), { kind: 'crash' }, 100, true);
  return watch;
}

describe('an actor that another one made for itself', () => {
  test('has healed when the one above it has moved on without it', () => {
    const watch = watching('root/s/turn/call#1');
    watch.observe(treeWith({}), 110);
    expect(watch.open).toHaveLength(1);
    watch.observe(treeWith({ call: 'call#2' }), 120);
    expect(watch.wounds).toMatchObject([{ recoveredMs: 20 }]);
  });

  test('has not healed while the one above it only waits to begin again', () => {
    const watch = watching('root/s/turn');
    watch.observe(treeWith({ turn: null, session: { state: 'stalled', children: [] } }), 110);
    watch.observe(treeWith({ turn: null, session: { state: 'activating', children: [] } }), 200);
    expect(watch.open).toHaveLength(1);
    watch.observe(treeWith({ session: { state: 'busy' } }), 210);
    expect(watch.wounds).toMatchObject([{ recoveredMs: 110 }]);
  });

  test('has healed when the one above it is in a new life', () => {
    const watch = watching('root/s/turn');
    watch.observe(treeWith({ session: { incarnation: 2 } }), 105);
    expect(watch.wounds).toMatchObject([{ recoveredMs: 5 }]);
  });
});

test('a session that nobody needs any more has healed without coming back', () => {
  const watch = watching('root/s');
  watch.observe(treeWith({ session: null }), 130);
  expect(watch.wounds).toMatchObject([{ recoveredMs: 30 }]);
});

test('a new life that is still starting, or under something that is, has not healed', () => {
  const watch = watching('root/s/turn');
  watch.observe(treeWith({ session: { incarnation: 2, state: 'starting' } }), 105);
  expect(watch.open).toEqual(['root/s/turn']);
});

test('a fault that may not have happened needs no change to heal', () => {
  const watch = new RecoveryWatch();
  watch.admit(actorAt('root/s'), { kind: 'crash' }, 100, false);
  watch.observe(treeWith({}), 101);
  expect(watch.open).toEqual([]);
});
