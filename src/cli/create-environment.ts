import { mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import type { AgentDesk } from '../../actors/agents.ts';
import { findTalk } from '../../actors/earlier-talk.ts';
import type { Environment } from '../../actors/environment.ts';
import { createHints } from '../../actors/hints.ts';
import { createWorkDesk } from '../../actors/jobs/desk.ts';
import { createJobRunners } from '../../actors/jobs/runners.ts';
import { createLiveFeed } from '../../actors/live-feed.ts';
import { answerFromMemory } from '../../actors/memory-answer.ts';
import { createMessenger } from '../../actors/messenger.ts';
import { fixedChoice } from '../../actors/models/choice.ts';
import { configuredChoice } from '../../actors/models/configured-choice.ts';
import { createModels, type Models } from '../../actors/models/models.ts';
import { askAboutPictures } from '../../actors/picture-question.ts';
import { createRoutinesDesk } from '../../actors/routines/desk.ts';
import { backgroundWork } from '../../actors/upkeep/background.ts';
import { createAuditLog } from '../audit/index.ts';
import { createBudgets } from '../budget/index.ts';
import { createRefusalLog, withRefusals } from '../containers/index.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { coerceError } from '../core/errors.ts';
import { ulids } from '../core/ids.ts';
import { createMemory } from '../memory/index.ts';
import { createHttpsTransport, createRateLimiter, systemResolver } from '../network/index.ts';
import { createPolicy, createRuleFile } from '../policy/index.ts';
import { createRedactText } from '../safety/index.ts';
import type { DatabaseGate } from '../storage/index.ts';
import {
  createBuiltinTools,
  createToolRegistry,
  type ToolRegistry,
  type WebServices,
} from '../tools/index.ts';
import { containerRunners, openContainerJobs } from './container-jobs.ts';
import { openContainers } from './containers.ts';
import { openEgress } from './egress.ts';
import { fileScope } from './file-scope.ts';
import { openHooks } from './hooks.ts';
import { agentSettings, budgetOptions, type LiveConfig, llmSettings } from './live-config.ts';
import { modelKeys } from './secrets/model-keys.ts';
import { createSecrets } from './secrets/open-secrets.ts';
import { watchLeaks } from './secrets/watch-leaks.ts';
import { openShellContainers } from './shell-containers.ts';
import type { StartOptions } from './start-options.ts';
import { createLazyInstaller } from './tool/lazy-installer.ts';
import { openVectors } from './vectors.ts';

/** So long the first call of a model waits for tools that have to be built first; they join later otherwise. */
const LONGEST_TOOLS_MS = 3_000;

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** The epoch of the only node there is. */
const EPOCH = 1;

/** What the actors share, all of it built once. Nothing is opened or connected yet. */
export function createEnvironment(
  options: StartOptions,
  live: LiveConfig,
  gate: DatabaseGate,
  toolsLooked: Promise<void>,
  agents: AgentDesk,
): Environment {
  const { config, home, log, clock = systemClock, ids = ulids(), version } = options;
  const { vault, secrets } = createSecrets(gate, clock, { home: home.path, env: options.env, config });
  const watch = watchLeaks({ vault, env: options.env, modelKeys: modelKeys(config, options.env), log });
  const redact = createRedactText(watch.leaks, watch.knownReady);
  const vectors = openVectors({
    config,
    env: options.env,
    database: gate,
    vault,
    clock,
    holder: ids.next(),
  });
  const memory = createMemory(gate, clock, redact, { layers: config.memory.layers, vectors });
  const files = fileScope(options);
  makeFolder(files.root, log);
  const hints = createHints();
  const web = webOf(options, clock);
  const audit = createAuditLog(gate, clock);
  const hooks = openHooks({ file: home.hooksFile, clock, web, redact, vault, audit, log });
  const routines = createRoutinesDesk(() => env);
  const refusals = createRefusalLog({
    audit,
    clock,
    redact,
    onDefect: (error) => log.warn({ err: error }, 'what a container was refused is not on record'),
  });
  const containers = withRefusals(openContainers(options), refusals);
  const shell = openShellContainers(options, live, {
    containers,
    egress: () => env.egress,
    root: files.root,
  });
  const commands = options.commands ?? shell;
  const containerJobs = openContainerJobs(options, live, () => env, containers);
  const work = createWorkDesk(() => env);
  const tools: ToolRegistry = createToolRegistry(
    [
      ...createBuiltinTools({
        clock,
        memory,
        files,
        ...(commands && { commands }),
        undoDir: home.undoDir,
        web,
        messenger: createMessenger({ database: gate, clock, ids, hints, hooks }),
        agents,
        work,
        routines,
        registry: () => tools,
        askModel: (order, signal) => askAboutPictures(env, order, signal),
        askMemory: (order, signal) => answerFromMemory(env, order, signal),
        findTalk: (query, options) => findTalk(gate, query, options),
        permissions: () => policy,
        secrets,
        installer: createLazyInstaller({
          home,
          env: options.env,
          vault,
          isTaken: (name) => tools.isBuiltin(name),
          log,
        }),
      }),
      ...(options.extraTools ?? []),
    ],
    { timeoutMs: config.agent.tool_timeout_seconds * 1000, redact },
  );
  const rules = createRuleFile(home.policyFile);
  const policy = createPolicy({ database: gate, tools: tools.get, rules, clock });
  const env: Environment = {
    clock,
    ids,
    log,
    version,
    database: gate,
    memory,
    vectors,
    budgets: createBudgets(budgetOptions(live, { database: gate, clock })),
    models: openModels(options, live, { vault, database: gate, clock }),
    tools,
    toolsReady: Promise.race([toolsLooked, delay(LONGEST_TOOLS_MS)]),
    policy,
    audit,
    vault,
    secrets,
    ...watch,
    feed: createLiveFeed((error) => log.warn({ err: error }, 'a listener failed')),
    containers,
    refusals,
    shell,
    egress: openEgress(options, live, { ...watch, audit, clock, database: gate, vault, log }),
    work,
    background: backgroundWork(() => env),
    runners: createJobRunners(() => env, containerRunners(containerJobs, live)),
    containerJobs,
    files,
    routines,
    hints,
    hooks,
    settings: agentSettings(live),
    epoch: EPOCH,
  };
  return env;
}

/** Nothing is loaded or connected before the first call. */
function openModels(
  { config, env: variables, log, model }: StartOptions,
  live: LiveConfig,
  { vault, database, clock }: Pick<Environment, 'vault' | 'database' | 'clock'>,
): Models {
  const configured = { config: llmSettings(live), variables, vault, database, clock, log };
  return createModels({
    choice: model ? fixedChoice(model) : configuredChoice(configured),
    clock,
    maxConcurrent: config.llm.max_concurrent,
    cacheMs: config.llm.cache_minutes * 60_000,
    hungAfterMs: config.watchdog.hung_after_seconds * 1000,
  });
}

/** There from the start, because commands begin in it. */
function makeFolder(path: string, log: Logger): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (thrown) {
    log.warn({ err: coerceError(thrown), path }, 'the files folder could not be made');
  }
}

function webOf({ network }: StartOptions, clock: Clock): WebServices {
  return {
    transport: network?.transport ?? createHttpsTransport(),
    resolver: network?.resolver ?? systemResolver,
    rates: createRateLimiter(clock),
  };
}
