import { describe, expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { fromPromise, setup } from 'xstate';
import type { ChildSpec, SupervisorOptions } from '../index.ts';
import {
  countChildren,
  deleteChild,
  restartChild,
  startChild,
  supervisor,
  terminateChild,
  whichChildren,
} from '../index.ts';
import { fragile, macrotask, probeSpec, quiet, type Stage, stage, until } from '../test-doubles.ts';

const DONE = { ok: true, value: undefined };

interface Dynamic extends Stage {
  readonly ref: AnyActorRef;
}

/** A system whose root has one dynamic supervisor, named `pool`. */
async function pool(options: Partial<SupervisorOptions> = {}): Promise<Dynamic> {
  const logic = supervisor({ strategy: 'one_for_one', intensity: 5, children: [], ...options });
  const staged = await stage(
    supervisor({ strategy: 'one_for_one', children: [{ id: 'pool', logic, name: 'pool' }] }),
  );
  const ref = staged.system.whereis('pool');
  if (!ref) throw new Error('no pool');
  return { ...staged, ref };
}

const nextReady = () => {
  let resolve = () => {};
  let reject = (_reason: Error) => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const machine = setup({ actors: { load: fromPromise(() => promise) } }).createMachine({
    initial: 'loading',
    states: { loading: { invoke: { src: 'load', onDone: 'ready' } }, ready: {} },
  });
  const ready = (snapshot: unknown) => JSON.stringify(snapshot).includes('"value":"ready"');
  const spec: ChildSpec = { id: 'slow', logic: machine, ready };
  return { spec, resolve: () => resolve(), reject: (error: Error) => reject(error) };
};

describe('startChild', () => {
  test('resolves with the live actor', async () => {
    const { ref, system } = await pool();
    const started = await startChild(ref, probeSpec([], 'a'));
    expect(started).toEqual({ ok: true, value: { ref: system.whereis('a') } });
    await system.stop();
  });

  test('resolves once the child is ready, and does not hold up its siblings meanwhile', async () => {
    const { ref, system } = await pool();
    const slow = nextReady();
    let settled = false;
    const starting = startChild(ref, slow.spec).finally(() => {
      settled = true;
    });
    expect((await startChild(ref, probeSpec([], 'quick'))).ok).toBe(true);
    await quiet();
    expect(settled).toBe(false);
    expect(system.tree().children[0]?.children[0]?.state).toBe('starting');
    slow.resolve();
    expect((await starting).ok).toBe(true);
    expect(system.tree().children[0]?.children[0]?.state).toBe('ready');
    await system.stop();
  });

  test('under rest_for_one the next waits for the one before', async () => {
    const { ref, system } = await pool({ strategy: 'rest_for_one' });
    const log: string[] = [];
    const slow = nextReady();
    const first = startChild(ref, slow.spec);
    const second = startChild(ref, probeSpec(log, 'quick'));
    await quiet();
    expect(log).toEqual([]);
    slow.resolve();
    await Promise.all([first, second]);
    expect(log).toEqual(['+quick']);
    await system.stop();
  });

  test('of a running child says already-started, and of a starting one says so when it is ready', async () => {
    const { ref, system } = await pool();
    const slow = nextReady();
    const [first, second] = [startChild(ref, slow.spec), startChild(ref, slow.spec)];
    slow.resolve();
    const started = await first;
    if (!started.ok) throw new Error('not started');
    expect(await second).toEqual({ ok: false, error: { kind: 'already-started', ref: started.value.ref } });
    expect(await startChild(ref, slow.spec)).toMatchObject({ error: { kind: 'already-started' } });
    await system.stop();
  });

  test('that fails forgets the child and costs no restart', async () => {
    const { ref, system } = await pool({ intensity: 0 });
    const bad = { id: 'bad', logic: fragile([], 'bad', () => true) };
    const failed = { ok: false, error: { kind: 'start-failed', reason: new Error('bad cannot start') } };
    expect(await startChild(ref, bad)).toEqual(failed);
    expect(await startChild(ref, bad)).toEqual(failed);
    const slow = nextReady();
    const starting = startChild(ref, slow.spec);
    await macrotask();
    slow.reject(new Error('no file'));
    expect(await starting).toMatchObject({ error: { kind: 'start-failed', reason: { message: 'no file' } } });
    expect(whichChildren(ref)).toEqual([]);
    await system.stop();
  });

  test('while the child of that id is being stopped starts the next one after it', async () => {
    const { ref, system, clock } = await pool();
    const log: string[] = [];
    const lingers = { graceful: true, restart: 'temporary' as const };
    await startChild(ref, probeSpec(log, 'a', lingers));
    const terminated = terminateChild(ref, 'a');
    const again = startChild(ref, probeSpec(log, 'a', lingers));
    await until(() => log.includes('a:supervisor.shutdown'));
    clock.increment(5_000);
    expect(await terminated).toEqual(DONE);
    expect((await again).ok).toBe(true);
    expect(log).toEqual(['+a', 'a:supervisor.shutdown', '-a', '+a']);
    const stopped = system.stop();
    await quiet();
    clock.increment(5_000);
    await stopped;
  });

  test('of a supervisor that has ended, or ends meanwhile, says noproc', async () => {
    const { ref, system } = await pool();
    const starting = startChild(ref, nextReady().spec);
    await system.stop();
    expect(await starting).toEqual({ ok: false, error: { kind: 'noproc' } });
    expect(await startChild(ref, probeSpec([], 'b'))).toEqual({
      ok: false,
      error: { kind: 'noproc' },
    });
  });

  test('waiting on a supervisor that crashes says noproc', async () => {
    const { ref, system } = await pool();
    const starting = startChild(ref, nextReady().spec);
    system.crash('root/pool');
    expect(await starting).toEqual({ ok: false, error: { kind: 'noproc' } });
    await until(() => system.whereis('pool') !== undefined && system.whereis('pool') !== ref);
    expect(system.tree().children[0]?.children).toEqual([]);
    await system.stop();
  });
});

describe('terminate, restart, delete', () => {
  test('walk a child through its life', async () => {
    const { ref, system } = await pool();
    const spec = probeSpec([], 'a');
    expect(await terminateChild(ref, 'a')).toMatchObject({ error: { kind: 'not-found' } });
    expect(await restartChild(ref, 'a')).toMatchObject({ error: { kind: 'not-found' } });
    expect(await deleteChild(ref, 'a')).toMatchObject({ error: { kind: 'not-found' } });
    await startChild(ref, spec);
    expect(await restartChild(ref, 'a')).toMatchObject({ error: { kind: 'running' } });
    expect(await deleteChild(ref, 'a')).toMatchObject({ error: { kind: 'running' } });
    expect(await terminateChild(ref, 'a')).toEqual(DONE);
    expect(await terminateChild(ref, 'a')).toEqual(DONE);
    expect(whichChildren(ref)).toEqual([{ id: 'a', child: undefined, type: 'worker' }]);
    expect(await startChild(ref, spec)).toMatchObject({ error: { kind: 'already-present' } });
    expect((await restartChild(ref, 'a')).ok).toBe(true);
    expect(countChildren(ref)).toEqual({ specs: 1, active: 1, supervisors: 0, workers: 1 });
    await terminateChild(ref, 'a');
    expect(await deleteChild(ref, 'a')).toEqual({ ok: true, value: undefined });
    expect(countChildren(ref)).toEqual({ specs: 0, active: 0, supervisors: 0, workers: 0 });
    await system.stop();
  });

  test('a temporary child is forgotten when it is terminated', async () => {
    const { ref, system } = await pool();
    const spec = probeSpec([], 'a', { restart: 'temporary' });
    await startChild(ref, spec);
    await terminateChild(ref, 'a');
    expect(whichChildren(ref)).toEqual([]);
    expect((await startChild(ref, spec)).ok).toBe(true);
    await system.stop();
  });

  test('a restart that fails leaves the child known and stopped', async () => {
    const { ref, system } = await pool();
    await startChild(ref, { id: 'a', logic: fragile([], 'a', (attempt) => attempt === 2) });
    await terminateChild(ref, 'a');
    expect(await restartChild(ref, 'a')).toMatchObject({ error: { kind: 'start-failed' } });
    expect(whichChildren(ref)).toMatchObject([{ id: 'a', child: undefined }]);
    expect((await restartChild(ref, 'a')).ok).toBe(true);
    await system.stop();
  });

  test('terminating a child cancels its pending restart', async () => {
    const { ref, system } = await pool();
    await startChild(ref, probeSpec([], 'a'));
    const first = system.whereis('a');
    system.crash('root/pool/a');
    await until(() => system.whereis('a') !== first);
    const during = await restartChild(ref, 'a');
    expect(during).toMatchObject({ error: { kind: 'restarting' } });
    expect(await terminateChild(ref, 'a')).toEqual(DONE);
    await quiet();
    expect(whichChildren(ref)).toMatchObject([{ id: 'a', child: undefined }]);
    await system.stop();
  });

  test('terminating a child that is starting tells who waits for it', async () => {
    const { ref, system } = await pool();
    const starting = startChild(ref, nextReady().spec);
    expect(await terminateChild(ref, 'slow')).toEqual(DONE);
    expect(await starting).toMatchObject({ error: { kind: 'start-failed' } });
    await system.stop();
  });

  test('asking something else than a supervisor is a bug', async () => {
    const { ref, system } = await pool();
    const started = await startChild(ref, probeSpec([], 'a'));
    const worker = started.ok && started.value.ref;
    if (!worker) throw new Error('not started');
    expect(() => startChild(worker, probeSpec([], 'b'))).toThrow('a#1 is not a running supervisor');
    await system.stop();
  });
});

test('dynamic children do not come back with their supervisor, static ones do', async () => {
  const { ref, system } = await pool({ children: [probeSpec([], 'static')] });
  await startChild(ref, probeSpec([], 'dynamic'));
  system.crash('root/pool');
  await until(() => system.tree().children[0]?.incarnation === 2);
  expect(system.tree().children[0]?.children.map(({ id }) => id)).toEqual(['static']);
  expect(system.whereis('dynamic')).toBeUndefined();
  await system.stop();
});

test('many children that crash at once all come back', async () => {
  const { ref, system } = await pool({ intensity: 500 });
  const ids = Array.from({ length: 200 }, (_, n) => `c${n}`);
  await Promise.all(ids.map((id) => startChild(ref, probeSpec([], id))));
  for (const id of ids) system.crash(`root/pool/${id}`);
  await until(
    () => system.tree().children[0]?.children.every(({ incarnation }) => incarnation === 2) ?? false,
  );
  expect(countChildren(ref)).toMatchObject({ specs: 200, active: 200 });
  await system.stop();
});
