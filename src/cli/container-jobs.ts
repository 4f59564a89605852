import type { Environment } from '../../actors/environment.ts';
import type { JobRunner, RunnerName } from '../../actors/jobs/runner.ts';
import { withKnownAgents } from '../../actors/orchestrator/acp-agents.ts';
import { type ContainerJobs, createContainerJobs } from '../../actors/orchestrator/container-jobs.ts';
import { bridgeMode, workerMode } from '../../actors/orchestrator/container-modes.ts';
import { type Containers, SANDBOX_IMAGE } from '../containers/index.ts';
import type { LiveConfig } from './live-config.ts';
import { containerLimits } from './shell-containers.ts';
import type { StartOptions } from './start-options.ts';

/** Jobs in containers, as the owner set them up. Nothing is opened before the first of them. */
export function openContainerJobs(
  { home }: Pick<StartOptions, 'home'>,
  live: LiveConfig,
  env: () => Environment,
  containers: Containers,
): ContainerJobs {
  return createContainerJobs(env, {
    containers,
    folder: home.path,
    settings: {
      get image() {
        return live.current.sandbox.image ?? SANDBOX_IMAGE;
      },
      get limits() {
        return containerLimits(live.current);
      },
    },
  });
}

/** What carries out jobs of each mode that needs a container. */
export function containerRunners(
  jobs: ContainerJobs,
  live: LiveConfig,
): readonly (readonly [RunnerName, JobRunner])[] {
  const claude = (): readonly string[] => {
    const { claude_model, claude_turns } = live.current.sandbox;
    return ['--model', claude_model, '--turns', String(claude_turns)];
  };
  const acp = (): readonly string[] => ['--agents', JSON.stringify(live.current.sandbox.acp_agents)];
  return [
    ['worker', jobs.runner(workerMode())],
    ['claude_code', jobs.runner(bridgeMode('claude_code', 'claude-bridge', claude))],
    [
      'acp',
      withKnownAgents(
        jobs.runner(bridgeMode('acp', 'acp-bridge', acp)),
        () => live.current.sandbox.acp_agents,
      ),
    ],
  ];
}
