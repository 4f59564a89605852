import { CONTAINER_JOBS } from '../actors/names.ts';
import { localDoor } from '../actors/orchestrator/local-door.ts';
import { REAPER_SILENT_MS, type ReaperInput, reaper } from '../actors/orchestrator/reaper.ts';
import { containerJobMachine } from '../machines/container-job.ts';
import { supervisor } from '../src/runtime/index.ts';

/** Jobs in containers, and whoever removes what they left behind. Each comes back alone, and finds its container. */
export const orchestrator = (input: ReaperInput, localPort?: number) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 60,
    children: [
      { id: 'containers', name: CONTAINER_JOBS, logic: containers() },
      {
        id: 'reaper',
        logic: reaper,
        input,
        progress: { within: REAPER_SILENT_MS + input.env.settings.hungAfterMs, by: 'signal' },
      },
      ...(localPort === undefined
        ? []
        : [
            {
              id: 'door',
              logic: localDoor,
              input: { jobs: input.jobs, port: localPort },
              backoff: { initial: 100, max: 30_000, healthyAfter: 5_000 },
            },
          ]),
    ],
  });

/** One that crashes goes on with its container, which has noticed nothing. */
const containers = () =>
  supervisor({
    strategy: 'simple_one_for_one',
    intensity: 50,
    period: 60,
    children: [
      {
        id: 'container',
        logic: containerJobMachine,
        restart: 'transient',
        backoff: { initial: 50, max: 10_000, healthyAfter: 5_000 },
      },
    ],
  });
