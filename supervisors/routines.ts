import type { Environment } from '../actors/environment.ts';
import { ROUTINE_ENGINE, ROUTINES } from '../actors/names.ts';
import { createRoutineParts, routineEngine } from '../actors/routines/engine.ts';
import { routineMachine } from '../machines/routine.ts';
import { supervisor } from '../src/runtime/index.ts';

/**
 * One actor for each routine, and the engine that has one timer for all of them. The engine starts the actors, so it is
 * started again after them. A routine that crashes comes back alone and is told again what it was working on; its
 * budget is wide because all of them share it.
 */
export const routines = (env: Environment) => {
  const parts = createRoutineParts(env);
  return supervisor({
    strategy: 'rest_for_one',
    intensity: 5,
    period: 60,
    children: [
      {
        id: 'each',
        name: ROUTINES,
        logic: supervisor({
          strategy: 'simple_one_for_one',
          intensity: 100,
          period: 10,
          children: [{ id: 'routine', logic: routineMachine, restart: 'transient' }],
        }),
      },
      { id: 'engine', name: ROUTINE_ENGINE, logic: routineEngine(parts) },
    ],
  });
};
