import { consolidatorDesk, FIRST_LOOK_MS } from '../actors/consolidator.ts';
import { distiller, LOOK_MS } from '../actors/distiller.ts';
import type { Environment } from '../actors/environment.ts';
import { HEARTBEAT, NOTIFIER } from '../actors/names.ts';
import { FIRST_BEAT_MS, heartbeatDesk } from '../actors/upkeep/heartbeat.ts';
import { HYGIENE_SILENT_MS, hygiene } from '../actors/upkeep/hygiene.ts';
import { NOTIFIER_LOOK_MS, notifier } from '../actors/upkeep/notifier.ts';
import { consolidatorMachine } from '../machines/consolidator.ts';
import { heartbeatMachine } from '../machines/heartbeat.ts';
import { supervisor } from '../src/runtime/index.ts';
import { routines } from './routines.ts';

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
      { id: 'routines', logic: routines(env) },
      {
        id: 'distiller',
        logic: distiller,
        input: { env },
        progress: { within: LOOK_MS + env.settings.hungAfterMs, by: 'signal' },
      },
      {
        id: 'notifier',
        name: NOTIFIER,
        logic: notifier,
        input: { env },
        progress: { within: NOTIFIER_LOOK_MS + env.settings.hungAfterMs, by: 'signal' },
      },
      ...(env.settings.hygiene
        ? [
            {
              id: 'hygiene',
              logic: hygiene,
              input: { env },
              progress: { within: HYGIENE_SILENT_MS + env.settings.hungAfterMs, by: 'signal' as const },
            },
          ]
        : []),
      ...(env.settings.heartbeat
        ? [
            {
              id: 'heartbeat',
              name: HEARTBEAT,
              logic: heartbeatMachine,
              input: { desk: heartbeatDesk(env), firstLookMs: FIRST_BEAT_MS },
            },
          ]
        : []),
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
