import { describe, expect, test } from 'vitest';
import { type Plan, runCampaign } from './campaign.ts';
import type { Subject } from './fault.ts';
import { PlayedTree, RESTART_MS } from './testing/played-tree.ts';

const WORKERS = 'root/work/*';
const plan = (changes: Partial<Plan> = {}): Plan => ({
  faults: 20,
  rate: 100,
  seed: 7,
  kinds: ['crash'],
  paths: { only: [WORKERS], except: [] },
  merciless: false,
  ...changes,
});
const run = (tree: PlayedTree, of: Plan, signal?: AbortSignal) =>
  runCampaign(of, { subject: tree, time: tree.time, lookEveryMs: 1, ...(signal && { signal }) });

describe('what is chosen', () => {
  test('the same seed makes the same choices at the same instants, another one others', async () => {
    const course = async (seed: number) => {
      const tree = new PlayedTree(['a', 'b', 'c', 'd']);
      const { wounds } = await run(tree, plan({ seed, kinds: ['crash', 'delay'] }));
      return wounds;
    };
    expect(await course(7)).toEqual(await course(7));
    expect(await course(8)).not.toEqual(await course(7));
  });

  test('nobody but those that the patterns let through, and never the root', async () => {
    const tree = new PlayedTree(['a', 'b', 'c']);
    await run(
      tree,
      plan({ paths: { only: ['root', 'root/work/**'], except: ['root/work/b', 'root/work'] } }),
    );
    expect(new Set(tree.suffered)).toEqual(new Set(['crash root/work/a', 'crash root/work/c']));
  });

  test('nobody who still suffers: the only worker is hit again once it is back', async () => {
    const tree = new PlayedTree(['a']);
    const { wounds } = await run(tree, plan({ faults: 5, rate: 1_000 }));
    const gaps = wounds.slice(1).map(({ atMs }, place) => atMs - (wounds[place]?.atMs ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(RESTART_MS);
  });

  test('an actor that cannot hang suffers from the other kinds instead', async () => {
    const tree = new PlayedTree(['a', 'b']);
    tree.stubborn.add('root/work/a').add('root/work/b');
    const { wounds, problems } = await run(tree, plan({ kinds: ['crash', 'hang'] }));
    expect(wounds).toHaveLength(20);
    expect(new Set(wounds.map(({ kind }) => kind))).toEqual(new Set(['crash']));
    expect(problems).toEqual([]);
  });

  test('where nobody can be chosen it says so, and what it was looking for', async () => {
    const tree = new PlayedTree(['a']);
    tree.stubborn.add('root/work/a');
    const { wounds, problems } = await run(tree, plan({ kinds: ['hang'] }));
    expect(wounds).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('no actor to hang, so 20 faults were not made')]);
  });
});

describe('what supervisors can bear', () => {
  test('no supervisor has more to restart within its period than its intensity allows', async () => {
    const tree = new PlayedTree(['a', 'b', 'c', 'd', 'e'], 3);
    const { wounds, elapsedMs } = await run(tree, plan({ rate: 1_000 }));
    expect(wounds).toHaveLength(20);
    expect(tree.worst).toBe(3);
    expect(elapsedMs).toBeGreaterThan(6_000);
  });

  test('a merciless run takes no account of it', async () => {
    const tree = new PlayedTree(['a', 'b', 'c', 'd', 'e'], 3);
    await run(tree, plan({ rate: 1_000, merciless: true }));
    expect(tree.worst).toBeGreaterThan(3);
  });
});

describe('recovery', () => {
  test('a crash has healed once the next life is up', async () => {
    const tree = new PlayedTree(['a']);
    const { wounds } = await run(tree, plan({ faults: 3 }));
    expect(wounds.map(({ recoveredMs }) => recoveredMs)).toEqual([RESTART_MS, RESTART_MS, RESTART_MS]);
  });

  test('a delay has healed once its time is over and nothing waits any more', async () => {
    const tree = new PlayedTree(['a']);
    const { wounds } = await run(tree, plan({ faults: 3, kinds: ['delay'] }));
    for (const { recoveredMs } of wounds) expect(recoveredMs).toBeGreaterThanOrEqual(50 + RESTART_MS);
  });

  test('an actor that does not come back is a problem, by name', async () => {
    const tree = new PlayedTree(['a', 'b']);
    tree.doomed.add('root/work/a');
    const { wounds, problems } = await run(tree, plan());
    expect(wounds.at(-1)?.path).toBe('root/work/b');
    expect(problems).toEqual(['root/work/a was not back at work 60 s after a crash.']);
  });

  test('a tree that ends is a problem, with the fault it ended after', async () => {
    const tree = new PlayedTree(['a']);
    const mortal: Subject = {
      tree: async () => {
        if (tree.suffered.length === 2) throw new Error('it gave up');
        return tree.tree();
      },
      inflict: (path, fault) => tree.inflict(path, fault),
    };
    const { problems } = await runCampaign(plan(), { subject: mortal, time: tree.time, lookEveryMs: 1 });
    expect(problems).toEqual([
      'The tree could not be looked at any more after a crash of root/work/a: it gave up',
    ]);
  });

  test('a signal ends it early, after what was done has healed', async () => {
    const tree = new PlayedTree(['a']);
    const stop = new AbortController();
    const inflict = tree.inflict.bind(tree);
    tree.inflict = (path, fault) => {
      stop.abort();
      return inflict(path, fault);
    };
    const { wounds, problems } = await run(tree, plan(), stop.signal);
    expect(wounds).toMatchObject([{ recoveredMs: RESTART_MS }]);
    expect(problems).toEqual([]);
  });
});
