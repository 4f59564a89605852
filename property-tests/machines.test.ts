import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, StateMachine } from 'xstate';
import { circuitBreakerWalk } from './runtime/circuit-breaker-walk.ts';
import { consolidatorWalk } from './runtime/consolidator-walk.ts';
import { containerJobWalk } from './runtime/container-job-walk.ts';
import { heartbeatWalk } from './runtime/heartbeat-walk.ts';
import { jobWalk } from './runtime/job-walk.ts';
import { memoryIndexerWalk } from './runtime/memory-indexer-walk.ts';
import { modelCallWalk } from './runtime/model-call-walk.ts';
import { routineEngineWalk, routineWalk } from './runtime/routine-walks.ts';
import { httpExchangeWalk, sandboxCallWalk } from './runtime/sandbox-walks.ts';
import { sessionWalk } from './runtime/session-walk.ts';
import { turnWalk } from './runtime/turn-walk.ts';
import type { MachineWalk } from './runtime/walk.ts';
import { warmContainerWalk } from './runtime/warm-container-walk.ts';

/**
 * Walks every statechart of `machines/` through all its configurations: a state together with what of its context
 * decides how it goes on. A machine that is new there is found by itself; say here how to walk it.
 */
const WALKS: Readonly<Record<string, MachineWalk>> = {
  session: sessionWalk,
  turn: turnWalk,
  job: jobWalk,
  'sandbox-call': sandboxCallWalk,
  'http-exchange': httpExchangeWalk,
  'model-call': modelCallWalk,
  'circuit-breaker': circuitBreakerWalk,
  'container-job': containerJobWalk,
  'warm-container': warmContainerWalk,
  consolidator: consolidatorWalk,
  heartbeat: heartbeatWalk,
  'memory-indexer': memoryIndexerWalk,
  routine: routineWalk,
  'routine-engine': routineEngineWalk,
};

async function machinesOf(folder: string): Promise<readonly AnyStateMachine[]> {
  const files = globSync(`${folder}/**/*.ts`, { exclude: ['**/*.test.ts'] });
  const modules = await Promise.all(files.map((file): Promise<object> => import(resolve(file))));
  return modules.flatMap((module) => Object.values(module)).filter((value) => value instanceof StateMachine);
}

describe.each(await machinesOf('machines'))('$id', ({ id }) => {
  const walk = WALKS[id];
  if (!walk) {
    test('has a walk', () => {
      expect.fail(
        `Nobody has said how to walk the machine "${id}". Add property-tests/runtime/${id}-walk.ts with its input, ` +
          'its events and an abstraction of its context, and name it in WALKS of property-tests/machines.test.ts.',
      );
    });
    return;
  }
  const found = walk.walk();

  test('enters every state it declares, and takes every transition', () => {
    expect(found.unreachable).toEqual([]);
    expect(found.untaken).toEqual([]);
  });

  test('takes each event that it is sent, in some state', () => {
    expect(found.ignored).toEqual([]);
  });

  test('keeps to its invariants', () => {
    expect(found.broken).toEqual([]);
  });

  test('takes the same steps under supervision, where they are compiled', () => {
    expect(found.diverging).toEqual([]);
  });

  test('has a way out of every state that is not its end', () => {
    expect(found.deadEnds).toEqual([]);
  });

  test('can come to its end from wherever it is, by nothing but what it waits for', () => {
    expect(found.configurations).toBeGreaterThan(1);
    expect(found.endless).toEqual([]);
  });
});

test('there are machines to walk, and each walk is of one of them', async () => {
  const ids = (await machinesOf('machines')).map(({ id }) => id);
  expect(Object.keys(WALKS).filter((id) => !ids.includes(id))).toEqual([]);
});
