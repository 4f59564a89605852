import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import type { JournalRecord } from '../../core/journal.ts';
import type { TreeNode } from '../../core/tree.ts';
import { connect, GatewayError } from '../../gateway/index.ts';
import { openHome } from '../../storage/index.ts';
import { startIronbark } from '../start.ts';
import { readToken } from '../token.ts';
import { type FaultClient, runAttached } from './attached.ts';
import type { Plan } from './campaign.ts';
import type { Time } from './fault.ts';
import { PlayedTree } from './testing/played-tree.ts';

const PLAN: Plan = {
  faults: 4,
  rate: 100,
  seed: 7,
  kinds: ['crash'],
  paths: { only: ['root/work/*'], except: [] },
  merciless: false,
};

/** A connection to a played tree, which takes the faults as the test says. */
function clientOf(tree: PlayedTree, changes: Partial<FaultClient> = {}): FaultClient {
  const inflict = async (path: string) => {
    if (path === 'nowhere') throw new GatewayError('not-found', 'There is no actor at this path to crash.');
    await tree.inflict(path, { kind: 'crash' });
  };
  return {
    tree: () => tree.tree(),
    crash: inflict,
    hang: inflict,
    delay: inflict,
    conversations: async () => [],
    history: async () => ({ entries: [], hasMore: false }),
    ...changes,
  };
}

describe('against a running assistant', () => {
  test('one that takes no faults is left alone, and what to do is said', async () => {
    const tree = new PlayedTree(['a']);
    const crash = async () => Promise.reject(new GatewayError('forbidden', 'Not started with it.'));
    await expect(runAttached(PLAN, clientOf(tree, { crash }), tree.time)).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('ironbark serve --profile chaos'),
    });
    expect(tree.suffered).toEqual([]);
  });

  test('a fault whose answer was lost counts, and one that hit nobody does not', async () => {
    const tree = new PlayedTree(['a', 'b']);
    const answers: (GatewayError | undefined)[] = [
      new GatewayError('not-found', 'Nobody.'),
      new GatewayError('not-found', 'Gone.'),
      new GatewayError('closed', 'The connection ended.'),
      undefined,
    ];
    const crash = async () => {
      const answer = answers.shift();
      if (answer) throw answer;
    };
    const course = await runAttached({ ...PLAN, faults: 1 }, clientOf(tree, { crash }), tree.time);
    expect(course.wounds).toHaveLength(1);
    expect(course.problems).toEqual([]);
    expect(answers).toEqual([undefined]);
  });

  test('one that does not come back is told, instead of waiting for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const tree = new PlayedTree(['a']);
      const silence = new Promise<never>(() => {});
      let looks = 0;
      const client = clientOf(tree, {
        tree: () => (tree.suffered.length > 0 ? silence : tree.tree()),
        conversations: () => (looks++ === 0 ? Promise.resolve([]) : silence),
      });
      const running = runAttached(PLAN, client, tree.time);
      await vi.advanceTimersByTimeAsync(60_000);
      expect((await running).problems).toEqual([
        'The tree could not be looked at any more after a crash of root/work/a: the gateway gave no answer for 15 s',
        'The journals could not be read afterwards: the gateway gave no answer for 15 s',
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('the journals of conversations that went on meanwhile are read from the beginning and checked', async () => {
    const tree = new PlayedTree(['a']);
    const note = { type: 'history.changed', change: 'undo', turnIds: [] } satisfies JournalRecord;
    const entries = [1, 2, 4].map((seq) => ({ seq, at: '2026-03-01T12:00:00Z', ...note }));
    const summary = { channel: 'web', title: null, createdAt: '', lastActiveAt: '', busy: false };
    let looks = 0;
    const client = clientOf(tree, {
      conversations: async () => [
        { ...summary, conversationId: 'quiet', cursor: 3 },
        { ...summary, conversationId: 'lively', cursor: looks++ },
      ],
      history: async (_, { before = 5 } = {}) => ({
        entries: entries.filter(({ seq }) => seq < before).slice(-2),
        hasMore: before > 2,
      }),
    });
    const course = await runAttached(PLAN, client, tree.time);
    expect(course.journals).toEqual({ conversations: 1, entries: 3 });
    expect(course.problems).toEqual(['Conversation lively: entry 3 has the number 4.']);
  });
});

test('a real assistant comes back from whatever is hit, its gateway included', {
  timeout: 60_000,
}, async () => {
  await using cleanup = new AsyncDisposableStack();
  const path = await mkdtemp(join(tmpdir(), 'ironbark-chaos-test-'));
  cleanup.defer(() => rm(path, { recursive: true, force: true }));
  const home = openHome(path);
  const setting = (name: string, value: unknown) => ({ setting: name, value, flag: 'test' });
  const running = await startIronbark({
    config: loadConfig({
      home: path,
      env: {},
      overrides: [setting('gateway.port', 0), setting('gateway.allow_faults', true)],
    }),
    home,
    version: 'test',
    log: pino({ level: 'silent' }),
    env: {},
  });
  cleanup.defer(() => running.stop());
  const client = await connect({
    url: running.url(),
    token: await readToken(home),
    backOff: (_, signal) => wait(20, undefined, { signal }),
  });
  cleanup.defer(() => client.close());
  await client.send('talk', 'hello');

  const time: Time = { now: () => performance.now(), wait: (milliseconds) => wait(milliseconds) };
  for (const only of [['root/faces/gateway'], ['root/*/*', 'root/*/*/*']]) {
    const course = await runAttached({ ...PLAN, paths: { only, except: [] } }, client, time);
    expect(course.problems).toEqual([]);
    expect(course.wounds).toHaveLength(PLAN.faults);
  }
  expect(incarnations(await client.tree()).get('root/faces/gateway')).toBeGreaterThan(1);
});

function incarnations({ path, incarnation, children }: TreeNode): ReadonlyMap<string, number> {
  return new Map([[path, incarnation], ...children.flatMap((child) => [...incarnations(child)])]);
}
