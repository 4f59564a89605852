import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  fromCallback,
  type InspectionEvent,
  SimulatedClock,
} from 'xstate';
import { buildChart } from './build-chart.ts';
import { DELAY_MS, type Tell } from './chart-parts.ts';
import type { ChartPlan, Happening } from './chart-plan.ts';
import { plain } from './plain.ts';

/** Everything that can be seen of a chart while things happen to it, in order, as plain data. */
export interface Story {
  readonly lines: readonly unknown[];
  /** Steps that XState made. */
  readonly byXState: number;
}

/** @param logicOf what runs in the place of the chart */
export function tellStory(
  plan: ChartPlan,
  happenings: readonly Happening[],
  logicOf: (machine: AnyStateMachine) => AnyStateMachine,
): Story {
  const lines: unknown[] = [];
  const tell: Tell = (what, ...details) => void lines.push([what, ...details.map(plain)]);
  const machine = buildChart(plan, tell);
  const counts = { byXState: 0 };
  machine.transition = counting(machine.transition, counts);

  const clock = new SimulatedClock();
  const probe = createActor(
    fromCallback(({ receive }) => receive((event) => tell('sent', event))),
    { id: 'probe' },
  ).start();
  const actor = createActor(logicOf(machine), {
    id: 'chart',
    input: probe,
    clock,
    logger: (...said) => tell('logged', ...said),
    inspect: (event) => tell('inspected', ...inspected(event)),
  });
  actor.on('*', (event) => tell('emitted', event));
  actor.subscribe({
    next: (snapshot) => tell('next', snapshot.value),
    error: (error) => tell('error', error),
  });
  actor.start();
  tell('is', actor.getSnapshot());
  for (const happening of happenings) {
    const before: AnyMachineSnapshot = actor.getSnapshot();
    if (before.status !== 'active') break;
    if (happening === 'timers') clock.increment(DELAY_MS);
    else actor.send({ type: happening });
    const after: AnyMachineSnapshot = actor.getSnapshot();
    tell('is', after);
    tell('same', before === after, before.context === after.context, before.children === after.children);
  }
  actor.stop();
  return { lines, ...counts };
}

/** Without saying which of all roots of the process it was. */
function inspected({ type, actorRef, rootId, ...more }: InspectionEvent): readonly unknown[] {
  return [type, actorRef, more];
}

/** The same step; it is counted. */
function counting(step: AnyStateMachine['transition'], counts: { byXState: number }): typeof step {
  return (...given) => {
    counts.byXState++;
    return step(...given);
  };
}
