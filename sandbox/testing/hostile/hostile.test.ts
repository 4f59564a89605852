import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Attempt, Ending } from './attempt.ts';
import { compileHostile, HOSTILE, type Hostile } from './index.ts';

const FUEL = 500_000_000n;
const MOST_MS = 25_000;

async function attempt(hostile: Hostile): Promise<Ending> {
  const child = fork(fileURLToPath(new URL('attempt.ts', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [],
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${hostile.name} ended its process: ${signal ?? code}`);
  });
  const message: Attempt = {
    bytes: await compileHostile(hostile),
    fuel: FUEL,
    ...(hostile.limits ? { limits: hostile.limits } : {}),
  };
  child.send(message);
  const [ending]: Ending[] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  if (!ending) throw new Error('no answer');
  return ending;
}

const of = (stoppedBy: Hostile['stoppedBy']): readonly Hostile[] =>
  HOSTILE.filter((hostile) => hostile.stoppedBy === stoppedBy);

describe.concurrent('a hostile module', { timeout: 30_000 }, () => {
  test.for(of('fuel'))('$name traps once its fuel is spent, and cannot be entered again', async (hostile) => {
    const ending = await attempt(hostile);
    expect(ending).toMatchObject({ kind: 'trapped' });
    if (ending.kind === 'refused') return;
    expect(ending.fuelLeft).toBeLessThan(0n);
    // The last charge is for one block, or for one step of a bulk instruction.
    expect(ending.fuelLeft).toBeGreaterThan(-20_000_000n);
    expect(ending.secondCall).toBeLessThan(10_000n);
    expect(ending.pages).toBeLessThanOrEqual(160);
    expect(ending.elements).toBeLessThanOrEqual(10_000);
  });

  test.for(of('limits'))('$name never runs', async (hostile) => {
    expect(await attempt(hostile)).toMatchObject({ kind: 'refused' });
  });

  test.for(of('stack'))('$name runs out of stack', async (hostile) => {
    expect(await attempt(hostile)).toMatchObject({ kind: 'stack' });
  });
});
