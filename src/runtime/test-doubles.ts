/** Actors that misbehave on request, and ways to wait for what they do without ever sleeping. */
import type { AnyActorLogic } from 'xstate';
import { fromCallback, SimulatedClock } from 'xstate';
import type { RuntimeReport } from './report/report.ts';
import type { ChildSpec } from './supervisor/child-spec.ts';
import type { SupervisorLogic } from './supervisor/supervisor-logic.ts';
import { type ActorSystemHandle, startSystem } from './system.ts';

/** Notes its starts and stops; throws when it gets `crash`; passes everything else to the log. */
export function probe(log: string[], name: string): AnyActorLogic {
  return fromCallback<{ type: string }>(({ receive }) => {
    log.push(`+${name}`);
    receive((event) => {
      if (event.type === 'crash') throw new Error(`${name} crashed`);
      log.push(`${name}:${event.type}`);
    });
    return () => {
      log.push(`-${name}`);
    };
  });
}

/** Fails at each start for which `fails` says so (counted from 1). */
export function fragile(log: string[], name: string, fails: (attempt: number) => boolean): AnyActorLogic {
  let attempt = 0;
  return fromCallback<{ type: string }>(({ receive }) => {
    if (fails(++attempt)) throw new Error(`${name} cannot start`);
    log.push(`+${name}`);
    receive(({ type }) => {
      if (type === 'crash') throw new Error(`${name} crashed`);
    });
    return () => {
      log.push(`-${name}`);
    };
  });
}

/** A probe with its id as its name in log and registry. */
export function probeSpec(log: string[], id: string, more: Partial<ChildSpec> = {}): ChildSpec {
  return { id, logic: probe(log, id), name: id, ...more };
}

/** A handful of event-loop turns at most; fails where the condition never holds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (condition()) return;
    await macrotask();
  }
  throw new Error(`never held: ${condition}`);
}

export function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Long enough for anything that is going to happen without time passing. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await macrotask();
}

export interface Stage {
  readonly system: ActorSystemHandle;
  readonly clock: SimulatedClock;
  readonly reports: RuntimeReport[];
}

/** A started system with simulated time and all that was reported. */
export async function stage(root: SupervisorLogic): Promise<Stage> {
  const clock = new SimulatedClock();
  const reports: RuntimeReport[] = [];
  const system = await startSystem(root, { clock, onReport: (report) => reports.push(report) });
  return { system, clock, reports };
}

/** What was reported, in a word each, without the starts and the crashes themselves. */
export function typesOf(reports: readonly RuntimeReport[]): readonly string[] {
  return reports
    .filter(({ type }) => type !== 'progress_report' && type !== 'crash_report')
    .map((report) => (report.type === 'supervisor_report' ? report.errorContext : report.type));
}
