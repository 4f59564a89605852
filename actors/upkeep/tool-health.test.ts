import { describe, expect, test } from 'vitest';
import { latestNotifications } from '../../src/notifications/index.ts';
import { toolFailures } from '../../src/repair/index.ts';
import type { Tool, ToolOutput } from '../../src/tools/index.ts';
import { type Bench, openBench } from '../testing/bench.ts';

/** How a tool from outside ends a call. */
const ENDS = {
  works: { ok: true, content: 'fine' },
  traps: failing('trap-fuel', 'probe was stopped: it used up its units of work.'),
  complains: failing('guest-error', 'no such city'),
  /** Not its fault. */
  restarted: failing('sandbox-restarted', 'The sandbox had to be restarted.'),
  refused: { ok: false, content: 'Refused (params): wrong arguments.' },
} as const satisfies Record<string, ToolOutput>;

function failing(rule: string, message: string): ToolOutput {
  return {
    ok: false,
    content: `Failed (${rule}): ${message}`,
    audit: [{ kind: 'tool.failed', tool: 'probe', rule, message }],
  };
}

const REPAIR = { enabled: true, afterFailures: 5, maxAttempts: 3 };

/** An assistant with one tool from outside, which ends as it is told to. */
async function openProbe(repair = REPAIR) {
  const now: { end: keyof typeof ENDS; version: string; tool: string } = {
    end: 'works',
    version: 'one',
    tool: 'probe',
  };
  const probe: Tool = {
    name: 'probe',
    description: 'A tool from outside.',
    parameters: { type: 'object' },
    effect: 'pure',
    approval: 'never',
    timeoutMs: 1_000,
    powers: [],
    get version() {
      return now.version;
    },
    execute: async () => ENDS[now.end],
  };
  const bench = await openBench({
    script: ({ messages }) =>
      messages.at(-1)?.role === 'tool' ? 'done' : { calls: [{ callId: 'p', tool: now.tool, arguments: {} }] },
    tools: [probe],
    repair,
  });
  let seq = 0;
  async function turn(): Promise<void> {
    await bench.say('call it');
    seq = (await bench.waitFor('turn.replied', (entry) => entry.seq > seq)).seq;
  }
  return {
    bench,
    now,
    async call(end: keyof typeof ENDS, times = 1): Promise<string> {
      now.end = end;
      for (let time = 0; time < times; time += 1) await turn();
      return (await results(bench)).at(-1) ?? '';
    },
    told: async () =>
      (await latestNotifications(bench.database, 50)).map(({ kind, text }) => ({ kind, text })).reverse(),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

async function results(bench: Bench): Promise<readonly string[]> {
  const entries = await bench.entries();
  return entries.flatMap((entry) => (entry.type === 'tool.completed' ? [entry.content] : []));
}

describe('a tool from outside', () => {
  test('counts as broken after five failures in a row of its own, and the user is told once', async () => {
    await using probe = await openProbe();
    await probe.call('traps', 3);
    await probe.call('restarted', 3);
    await probe.call('refused', 3);
    expect(await probe.call('complains')).toBe('Failed (guest-error): no such city');
    expect(await probe.told()).toEqual([]);
    expect(await probe.call('traps')).toMatch(
      /units of work\.\n\[The tool probe is broken: it failed 5 times in a row/,
    );
    await probe.call('traps', 2);
    const told = await probe.told();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'repair.asks' });
    expect(told[0]?.text).toMatch(
      /^The tool probe is broken: it failed 5 times in a row.*\/repair probe PATH$/s,
    );
    expect((await latestNotifications(probe.bench.database, 1))[0]?.origins).toEqual(['the tool probe']);
  });

  test('that works once begins anew', async () => {
    await using probe = await openProbe();
    await probe.call('traps', 4);
    await probe.call('works');
    await probe.call('traps', 4);
    expect(await probe.told()).toEqual([]);
    expect(await toolFailures(probe.bench.database, 'probe')).toMatchObject([{ count: 4, brokenAt: null }]);
  });

  test('of which another version works is told to be repaired, and one that fails as well is told again', async () => {
    await using probe = await openProbe();
    await probe.call('traps', 5);
    probe.now.version = 'two';
    await probe.call('traps', 5);
    probe.now.version = 'three';
    await probe.call('works');
    expect((await probe.told()).map(({ kind }) => kind)).toEqual([
      'repair.asks',
      'repair.asks',
      'repair.done',
    ]);
    const [failure] = await toolFailures(probe.bench.database, 'probe');
    expect(failure).toMatchObject({ count: 0, brokenAt: null, attempts: 0, lastResult: 'It works again.' });
    expect(failure?.repairedAt).not.toBeNull();
  });

  test('that is replaced while it is called fails as what it was', async () => {
    await using probe = await openProbe();
    const { tools, database } = probe.bench;
    const guest = (version: string, execute: Tool['execute']): Tool => ({
      ...{ name: 'guest', description: 'A tool from outside.', parameters: { type: 'object' } },
      ...{ effect: 'pure', approval: 'never', timeoutMs: 1_000, powers: [], version, execute },
    });
    const next = guest('new', async () => ENDS.works);
    const old = guest('old', async () => {
      tools.replaceGuests([next]);
      return {
        ...ENDS.traps,
        audit: [{ kind: 'tool.failed', tool: 'guest', rule: 'trap-fuel', message: '' }],
      };
    });
    tools.replaceGuests([old]);
    probe.now.tool = 'guest';
    await probe.call('works');
    expect(await toolFailures(database, 'guest')).toMatchObject([{ version: 'old', count: 1 }]);
  });

  test('leaves no trace while it works, nor where repair is switched off', async () => {
    await using well = await openProbe();
    await well.call('works', 2);
    await using off = await openProbe({ ...REPAIR, enabled: false });
    await off.call('traps', 6);
    for (const { bench } of [well, off]) expect(await toolFailures(bench.database)).toEqual([]);
  });
});
