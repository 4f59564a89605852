import type { Json } from '../../src/core/json.ts';
import type { FoldedTurn } from './fold-turn.ts';
import type { Show } from './show.ts';

/**
 * A turn as a test file for vitest that drives the pure statechart with the same events. Texts are redacted and cut
 * short: where the statechart leads does not depend on them.
 */
export function turnTest({ folds: [, ...steps], input }: FoldedTurn, show: Show): string {
  const states = [...new Set(steps.map(({ after }) => String(after.value)))].join(', ');
  const lines = steps.map(
    ({ event, after }) => `  [${literal(show.value(event))}, '${String(after.value)}'],`,
  );
  return `import { expect, test } from 'vitest';
import { initialTransition, transition } from 'xstate';
import { type TurnEvent, type TurnInput, turnMachine } from '../machines/turn.ts';

const INPUT: TurnInput = ${literal(show.value(input))};

const STEPS: readonly (readonly [event: TurnEvent, state: string])[] = [
${lines.join('\n')}
];

test('turn ${input.turnId}: ${states}', () => {
  let [snapshot] = initialTransition(turnMachine, INPUT);
  for (const [event, state] of STEPS) {
    [snapshot] = transition(turnMachine, snapshot, event);
    expect(snapshot.value, event.type).toBe(state);
  }
});
`;
}

/** As one would write it: quotes only where they are needed. */
function literal(value: Json): string {
  return JSON.stringify(value).replace(/"([A-Za-z_$][\w$]*)":/g, '$1: ');
}
