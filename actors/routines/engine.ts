import { setImmediate } from 'node:timers/promises';
import { fromPromise } from 'xstate';
import type { RoutineEvent, RoutineInput, RoutinePort } from '../../machines/routine.ts';
import { LONGEST_WAIT_MS, routineEngineMachine } from '../../machines/routine-engine.ts';
import {
  claimDue,
  createMessageReader,
  DEFAULT_ROUTINES,
  type Dispatched,
  dispatch,
  halted,
  haltingRuns,
  nextDue,
  openRuns,
  type RoutineHead,
  routineHead,
  routineHeads,
  wantedNews,
} from '../../src/routines/index.ts';
import { type System, send, startInstance, whereis } from '../../src/runtime/index.ts';
import type { Environment } from '../environment.ts';
import { ROUTINES, routineName } from '../names.ts';
import { createRoutineNews } from './news.ts';
import { stopRun, workOnRun } from './run.ts';

/** What the engine and the actors of the routines share in one tree. */
export interface RoutineParts {
  readonly port: RoutinePort;
  load(system: System, signal: AbortSignal): Promise<void>;
  /** Resolves to the milliseconds until something is due. */
  round(changed: readonly string[], system: System): Promise<number>;
}

/** Actors started before others have their turn: some 5 ms. */
const PAGE = 100;

export function createRoutineParts(env: Environment): RoutineParts {
  const reader = createMessageReader(env.database);
  const news = createRoutineNews(env);
  /** Until when open runs were last told to their routines; they are told again now and then. */
  let toldAt = Number.NEGATIVE_INFINITY;
  let isLoaded = false;

  const port: RoutinePort = {
    run: (runId, signal) =>
      workOnRun(env, runId, signal).catch((error: unknown) => report(env, runId, error)),
    started() {
      // Its runs went with its last life. While all are being started, the first round tells them.
      if (!isLoaded) return;
      toldAt = Number.NEGATIVE_INFINITY;
      env.hints.routinesChanged();
    },
  };

  const relisten = async (): Promise<void> => {
    await reader.reload();
    env.hints.hearInputs(reader.listens);
    news.listen(await wantedNews(env.database));
  };

  return {
    port,
    async load(system, signal) {
      isLoaded = false;
      for (let after = ''; !signal.aborted; ) {
        const heads = await routineHeads(env.database, after, PAGE);
        for (const head of heads) await ensureActor(system, port, head);
        await setImmediate();
        const last = heads.at(-1);
        if (!last || heads.length < PAGE) break;
        after = last.id;
      }
      await relisten();
      await news.started();
      toldAt = Number.NEGATIVE_INFINITY;
      isLoaded = true;
    },
    async round(changed, system) {
      for (const id of changed) await applyChange(env, system, port, id);
      if (changed.length > 0) await relisten();
      while ((await claimDue(env.database, env.clock.now())).more);
      await reader.read(env.clock.now());
      const nextReadyAt = await beginRuns(env, system);
      const now = env.clock.now();
      if (now - toldAt >= LONGEST_WAIT_MS || now < toldAt) {
        toldAt = now;
        await tellOpenRuns(env, system);
      }
      const dueAt = await nextDue(env.database);
      return (
        Math.min(dueAt ?? Number.POSITIVE_INFINITY, nextReadyAt ?? Number.POSITIVE_INFINITY) - env.clock.now()
      );
    },
  };
}

function report(env: Environment, runId: string, error: unknown): void {
  env.log.warn({ runId, err: error }, 'a run could not be worked on; it is gone on with later');
}

const tell = (system: System, routineId: string, event: RoutineEvent): void => {
  send(system, routineName(routineId), event);
};

async function ensureActor(system: System, port: RoutinePort, head: RoutineHead): Promise<void> {
  const { id, enabled } = head;
  const cooldownMs = head.cooldown * 1000;
  if (whereis(system, routineName(id))) {
    tell(system, id, { type: 'routine.changed', enabled, cooldownMs });
    return;
  }
  const supervisor = whereis(system, ROUTINES);
  const input: RoutineInput = { routineId: id, port, enabled, cooldownMs };
  if (supervisor) await startInstance(supervisor, input, { id, name: routineName(id) });
}

async function applyChange(env: Environment, system: System, port: RoutinePort, id: string): Promise<void> {
  const head = await routineHead(env.database, id);
  if (head) await ensureActor(system, port, head);
  else tell(system, id, { type: 'routine.removed' });
}

/** Resolves to when the next run is ready that waits for its time. */
async function beginRuns(env: Environment, system: System): Promise<number | null> {
  const settings = env.settings.routines ?? DEFAULT_ROUTINES;
  for (;;) {
    const dispatched = await dispatch(env.database, settings, env.clock.now(), env.settings.timezone);
    announce(env, system, dispatched);
    if (dispatched.halting) await haltRuns(env);
    // One that waits for another that has just begun may be meant to take its place.
    if (dispatched.begun.length === 0 || dispatched.waiting.length === 0) return dispatched.nextReadyAt;
  }
}

function announce(env: Environment, system: System, { begun, ended, waiting }: Dispatched): void {
  for (const run of ended) tell(system, run.routineId, { type: 'run.ended', runId: run.id });
  for (const run of begun) tell(system, run.routineId, { type: 'run.begun', runId: run.id });
  for (const routineId of waiting) tell(system, routineId, { type: 'run.waiting' });
  for (const run of [...ended, ...begun]) env.feed.publishWork({ type: 'routine-run', run });
}

/** What was begun and lost on the way to its actor, or was under way when the process ended, is gone on with. */
async function tellOpenRuns(env: Environment, system: System): Promise<void> {
  await haltRuns(env);
  for (const run of await openRuns(env.database))
    tell(system, run.routineId, { type: 'run.begun', runId: run.id });
}

async function haltRuns(env: Environment): Promise<void> {
  for (const run of await haltingRuns(env.database)) {
    await stopRun(env, run);
    await env.database.commit([halted(run.id)]);
  }
}

/** The engine's statechart bound to what it does. */
export const routineEngine = (parts: RoutineParts) =>
  routineEngineMachine.provide({
    actors: {
      load: fromPromise<void, void>(({ system, signal }) => parts.load(system, signal)),
      round: fromPromise<number, { readonly changed: readonly string[] }>(({ input, system }) =>
        parts.round(input.changed, system),
      ),
    },
  });
