import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { type ChildSpec, supervisor } from '../index.ts';
import { trapExits } from '../process/link.ts';
import { monitor } from '../process/monitor.ts';
import { probeSpec, type Stage, stage, until } from '../test-doubles.ts';
import { parentOf } from '../xstate/index.ts';
import * as sys from './index.ts';

const staged = (child: ChildSpec): Promise<Stage> => stage(supervisor({ children: [child] }));

function refOf({ system }: Stage, name: string): AnyActorRef {
  const ref = system.whereis(name);
  if (!ref) throw new Error(`no ${name}`);
  return ref;
}

describe('terminate', () => {
  test.each([
    [{ kind: 'normal' }],
    [{ kind: 'shutdown' }],
    [{ kind: 'killed' }],
    [{ kind: 'error', error: new Error('enough') }],
  ] as const)('ends an actor with %o, suspended and trapping exits or not', async (reason) => {
    const stage = await staged(probeSpec([], 'a', { restart: 'temporary' }));
    const a = refOf(stage, 'a');
    const reasons: unknown[] = [];
    monitor(a, (down) => reasons.push(down.reason));
    trapExits(a);
    sys.suspend(a);
    expect(sys.terminate(a, reason)).toBe(true);
    await until(() => reasons.length > 0);
    expect(reasons).toEqual([reason]);
    expect(sys.terminate(a, reason)).toBe(false);
    await stage.system.stop();
  });

  test('leaves the rest to the supervisor', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'a'));
    sys.terminate(refOf(stage, 'a'), { kind: 'normal' });
    await until(() => log.length === 3);
    expect(log).toEqual(['+a', '-a', '+a']);
    await stage.system.stop();
  });

  test('of the root ends the tree with that reason', async () => {
    const log: string[] = [];
    const stage = await staged(probeSpec(log, 'a'));
    const root = parentOf(refOf(stage, 'a'));
    if (root) sys.terminate(root, { kind: 'killed' });
    expect(await stage.system.exited).toEqual({ kind: 'killed' });
    expect(log).toEqual(['+a', '-a']);
  });
});
