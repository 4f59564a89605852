import { consolidatorDesk, FIRST_LOOK_MS } from '../actors/consolidator.ts';
import { distiller, LOOK_MS } from '../actors/distiller.ts';
import type { Environment } from '../actors/environment.ts';
import { consolidatorMachine } from '../machines/consolidator.ts';
import { supervisor } from '../src/runtime/index.ts';

/**
 * What is done when its time has come and nobody waits for it. It stands last in the tree, under a budget of its own:
 * nothing leans on it, and however often it fails no conversation notices.
 */
export const time = (env: Environment) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 600,
    children: [
      {
        id: 'distiller',
        logic: distiller,
        input: { env },
        progress: { within: LOOK_MS + env.settings.hungAfterMs, by: 'signal' },
      },
      ...(env.settings.consolidate
        ? [
            {
              id: 'consolidator',
              logic: consolidatorMachine,
              input: { desk: consolidatorDesk(env), firstLookMs: FIRST_LOOK_MS },
            },
          ]
        : []),
    ],
  });
