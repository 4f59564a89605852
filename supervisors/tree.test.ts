import { describe, expect, test } from 'vitest';
import { openBench, until } from '../actors/testing/bench.ts';
import type { TreeNode } from '../src/core/tree.ts';

const nodesOf = (node: TreeNode): readonly TreeNode[] => [node, ...node.children.flatMap(nodesOf)];
const nodeAt = (root: TreeNode, path: string): TreeNode | undefined =>
  nodesOf(root).find((node) => node.path === path);
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

describe('the tree of a running assistant', () => {
  test('shows state, restarts and mailbox of every actor, each at a path of its own', async () => {
    await using bench = await openBench({ script: () => 'hello' });
    await bench.say('hi');
    await bench.waitFor('turn.replied');
    await until(() => nodesOf(bench.system.tree()).every(({ mailbox }) => mailbox === 0));
    const nodes = nodesOf(bench.system.tree());
    expect(new Set(nodes.map(({ path }) => path)).size).toBe(nodes.length);
    for (const node of nodes) {
      expect(node).toMatchObject({
        state: expect.stringMatching(/./),
        restarts: 0,
        mailbox: 0,
        incarnation: 1,
      });
    }
    expect(nodes.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'root/foundation/database',
        'root/conversations/router',
        'root/conversations/sweeper',
        'root/conversations/sessions/talk',
        'root/channels/web/adapter',
      ]),
    );
  });

  test.each([
    'root/conversations/router',
    'root/conversations/sweeper',
    'root/conversations/sessions',
    'root/conversations/sessions/talk',
    'root/channels/web',
    'root/channels/web/adapter',
  ])('brings %s back after a crash, leaves its siblings alone, and goes on answering', async (path) => {
    await using bench = await openBench({ script: () => 'hello' });
    await bench.say('hi');
    await bench.waitFor('turn.replied');
    const siblings = () =>
      nodeAt(bench.system.tree(), parentOf(path))
        ?.children.filter((child) => child.path !== path)
        .map(({ path: sibling, incarnation }) => ({ sibling, incarnation }));
    const before = siblings();

    expect(bench.system.crash(path)).toBe(true);
    const supervised = path !== 'root/conversations/sessions/talk';
    await until(() => !supervised || nodeAt(bench.system.tree(), path)?.incarnation === 2);

    expect(siblings()).toEqual(before);
    await bench.say('still there?');
    await bench.waitFor('turn.replied', ({ seq }) => seq > 4);
  });

  test('wakes a session that had gone to rest, and keeps nothing of it meanwhile', async () => {
    await using bench = await openBench({ script: () => 'hello', sessionIdleMs: 1 });
    const sessions = () => nodeAt(bench.system.tree(), 'root/conversations/sessions')?.children ?? [];
    await bench.say('hi');
    await bench.waitFor('turn.replied');
    await until(() => sessions().length === 0);
    await bench.say('still there?');
    await bench.waitFor('turn.replied', ({ seq }) => seq > 4);
  });

  test('restarts a session that hangs, and its message is answered', async () => {
    await using bench = await openBench({ script: () => 'hello', hungAfterMs: 50 });
    const path = 'root/conversations/sessions/talk';
    await bench.say('hi');
    await bench.waitFor('turn.replied');
    expect(bench.system.hang(path)).toBe(true);
    await bench.say('still there?');
    await bench.waitFor('turn.replied', ({ seq }) => seq > 4);
    expect(nodeAt(bench.system.tree(), path)).toMatchObject({
      incarnation: 2,
      lastExit: expect.stringContaining('no progress for'),
    });
  });

  test('opens the database again under a running turn, which goes on', async () => {
    const gate = Promise.withResolvers<void>();
    await using bench = await openBench({
      script: async () => {
        await gate.promise;
        return 'at last';
      },
    });
    const database = () => nodeAt(bench.system.tree(), 'root/foundation/database');
    await bench.say('hi');
    await bench.waitFor('model.requested');
    expect(bench.system.crash('root/foundation/database')).toBe(true);
    await until(() => database()?.incarnation === 2 && database()?.state === 'open');
    gate.resolve();
    expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'at last', finish: 'answered' });
    expect(bench.modelCalls()).toBe(1);
  });
});
