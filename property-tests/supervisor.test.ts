import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnyActorRef } from 'xstate';
import { fromCallback, SimulatedClock } from 'xstate';
import {
  type ActorSystemHandle,
  type ChildSpec,
  deleteChild,
  type RestartType,
  type RuntimeReport,
  restartChild,
  type Strategy,
  startChild,
  startSystem,
  supervisor,
  terminateChild,
  whichChildren,
} from '../src/runtime/index.ts';

/**
 * A supervisor is driven with random requests, crashes and waits, and after each of them compared with a model of a
 * few lines: which children are known, in which order, running or not, in which incarnation, and exactly what was
 * stopped and started.
 */

const PERIOD_S = 5;

type Command =
  | { readonly do: 'start'; readonly id: string; readonly restart: RestartType }
  | { readonly do: 'terminate' | 'restart' | 'delete' | 'crash' | 'finish'; readonly id: string }
  | { readonly do: 'wait'; readonly ms: number };

interface ModelChild {
  readonly id: string;
  readonly restart: RestartType;
  running: boolean;
  incarnation: number;
}

class Model {
  children: ModelChild[] = [];
  readonly #strategy: Strategy;
  readonly #intensity: number;
  #restarts: number[] = [];
  now = 0;
  gaveUp = false;

  constructor(strategy: Strategy, intensity: number) {
    this.#strategy = strategy;
    this.#intensity = intensity;
  }

  /** What the children's log should say about this command. */
  apply(command: Command): readonly string[] {
    if (command.do === 'wait') {
      this.now += command.ms;
      return [];
    }
    const child = this.children.find(({ id }) => id === command.id);
    if (command.do === 'start') return child ? [] : this.#start(this.#add(command.id, command.restart));
    if (!child) return [];
    if (command.do === 'restart') return child.running ? [] : this.#start(child);
    if (command.do === 'delete') return child.running ? [] : this.#forget(child);
    if (!child.running) return [];
    if (command.do === 'terminate') return this.#rest(child);
    return this.#ended(child, command.do === 'crash');
  }

  #add(id: string, restart: RestartType): ModelChild {
    const child = { id, restart, running: false, incarnation: 0 };
    this.children.push(child);
    return child;
  }

  #start(child: ModelChild): string[] {
    child.running = true;
    child.incarnation++;
    return [`+${child.id}#${child.incarnation}`];
  }

  #stop(child: ModelChild): string {
    child.running = false;
    return `-${child.id}#${child.incarnation}`;
  }

  #forget(child: ModelChild): string[] {
    this.children = this.children.filter((other) => other !== child);
    return [];
  }

  #rest(child: ModelChild): string[] {
    const line = this.#stop(child);
    if (child.restart === 'temporary') this.#forget(child);
    return [line];
  }

  #ended(child: ModelChild, abnormal: boolean): string[] {
    const again = child.restart === 'permanent' || (child.restart === 'transient' && abnormal);
    if (!again) return this.#rest(child);
    const lines = [this.#stop(child)];
    this.#restarts = [...this.#restarts.filter((at) => at >= this.now - PERIOD_S * 1000), this.now];
    if (this.#restarts.length > this.#intensity) return [...lines, ...this.#giveUp()];
    return [...lines, ...this.#restart(child)];
  }

  #giveUp(): string[] {
    this.gaveUp = true;
    const live = this.children.filter(({ running }) => running);
    this.children = [];
    return live.reverse().map((child) => this.#stop(child));
  }

  #restart(child: ModelChild): string[] {
    const others = this.#affected(child).filter(({ running }) => running);
    const stopped = [...others].reverse().map((other) => this.#stop(other));
    for (const other of others) if (other.restart === 'temporary') this.#forget(other);
    const again = this.children.filter((other) => other === child || others.includes(other));
    return [...stopped, ...again.flatMap((other) => this.#start(other))];
  }

  #affected(child: ModelChild): readonly ModelChild[] {
    if (this.#strategy === 'one_for_one') return [];
    if (this.#strategy === 'one_for_all') return this.children;
    return this.children.slice(this.children.indexOf(child) + 1);
  }
}

/** Writes down which incarnations live, crashes and ends on request. */
function recorder(log: string[], id: string): ChildSpec['logic'] {
  return {
    getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
    getPersistedSnapshot: (snapshot) => snapshot,
    start: (_snapshot, { self }) => {
      log.push(`+${self.id}`);
    },
    transition(snapshot, event, { self }) {
      if (event.type === 'crash') throw new Error(`${id} crashed`);
      const ends = event.type === 'finish' || event.type === 'xstate.stop';
      if (ends) log.push(`-${self.id}`);
      return event.type === 'finish' ? { ...snapshot, status: 'done' } : snapshot;
    },
  };
}

const quiet = async () => {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
};

async function run(
  command: Command,
  { system, pool, clock }: { system: ActorSystemHandle; pool: AnyActorRef; clock: SimulatedClock },
  log: string[],
): Promise<void> {
  if (command.do === 'wait') clock.increment(command.ms);
  if (command.do === 'start') {
    const { id, restart } = command;
    await startChild(pool, { id, restart, name: id, logic: recorder(log, id) });
  }
  if (command.do === 'terminate') await terminateChild(pool, command.id);
  if (command.do === 'restart') await restartChild(pool, command.id);
  if (command.do === 'delete') await deleteChild(pool, command.id);
  if (command.do === 'crash' || command.do === 'finish')
    system.whereis(command.id)?.send({ type: command.do });
  await quiet();
}

const id = fc.constantFrom('a', 'b', 'c', 'd');
const restart = fc.constantFrom<RestartType>('permanent', 'transient', 'temporary');
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('start' as const), id, restart }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom('terminate', 'restart', 'delete', 'crash', 'crash', 'finish'),
      id,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(4_000) }) },
);

test('a supervisor does what its model does, whatever is asked of it', async () => {
  const strategy = fc.constantFrom<Strategy>('one_for_one', 'one_for_all', 'rest_for_one');
  const commands = fc.array(command, { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(
      strategy,
      fc.integer({ min: 0, max: 4 }),
      commands,
      async (strategy, intensity, commands) => {
        const clock = new SimulatedClock();
        const log: string[] = [];
        const reports: RuntimeReport[] = [];
        const logic = supervisor({ strategy, intensity, period: PERIOD_S, children: [] });
        const spec: ChildSpec = { id: 'pool', logic, name: 'pool', restart: 'temporary' };
        const system = await startSystem(supervisor({ strategy: 'one_for_one', children: [spec] }), {
          clock,
          onReport: (report) => reports.push(report),
        });
        const pool = system.whereis('pool');
        if (!pool) throw new Error('no pool');
        const model = new Model(strategy, intensity);
        for (const command of commands) {
          log.length = 0;
          const expected = model.apply(command);
          await run(command, { system, pool, clock }, log);
          expect(log).toEqual(expected);
          if (model.gaveUp) break;
          compare(system, pool, model);
        }
        expect(
          reports.filter(
            (report) => report.type === 'supervisor_report' && report.errorContext === 'shutdown',
          ),
        ).toHaveLength(model.gaveUp ? 1 : 0);
        expect(system.whereis('pool') === undefined).toBe(model.gaveUp);
        log.length = 0;
        const live = model.children.filter(({ running }) => running);
        await system.stop();
        expect(log).toEqual(live.reverse().map((child) => `-${child.id}#${child.incarnation}`));
      },
    ),
    { numRuns: 150 },
  );
});

function compare(system: ActorSystemHandle, pool: AnyActorRef, model: Model): void {
  const actual = [...whichChildren(pool)]
    .reverse()
    .map(({ id, child }) => ({ id, running: child !== undefined }));
  expect(actual).toEqual(model.children.map(({ id, running }) => ({ id, running })));
  for (const child of model.children) {
    const live = system.whereis(child.id)?.id;
    expect(live).toBe(child.running ? `${child.id}#${child.incarnation}` : undefined);
  }
}

test('a crash of many at once leaves each running once, under any strategy', async () => {
  const strategy = fc.constantFrom<Strategy>('one_for_one', 'one_for_all', 'rest_for_one');
  const victims = fc.uniqueArray(fc.nat(5), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(strategy, victims, async (strategy, victims) => {
      const live = new Set<string>();
      const logic = fromCallback<{ type: string }, string>(({ input, receive }) => {
        expect(live.has(input)).toBe(false);
        live.add(input);
        receive(() => {
          throw new Error('crash');
        });
        return () => live.delete(input);
      });
      const ids = Array.from({ length: 6 }, (_, n) => `c${n}`);
      const children = ids.map((id) => ({ id, name: id, logic, input: id }));
      const system = await startSystem(supervisor({ strategy, intensity: 100, children }));
      for (const victim of victims) system.send(`c${victim}`, { type: 'crash' });
      await quiet();
      await quiet();
      expect(system.tree().children.map(({ state }) => state)).toEqual(ids.map(() => 'running'));
      expect([...live].sort()).toEqual(ids);
      await system.stop();
      expect(live.size).toBe(0);
    }),
    { numRuns: 50 },
  );
});
