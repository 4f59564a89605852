import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type AgentDesk, createAgents } from '../../actors/agents.ts';
import { createAssistant } from '../../actors/assistant.ts';
import { findTalk } from '../../actors/earlier-talk.ts';
import type { Environment } from '../../actors/environment.ts';
import { createHints } from '../../actors/hints.ts';
import { createLazyInspector, createLetterBox } from '../../actors/inspection/index.ts';
import { createLiveFeed } from '../../actors/live-feed.ts';
import { answerFromMemory } from '../../actors/memory-answer.ts';
import { createMessenger } from '../../actors/messenger.ts';
import { fixedChoice } from '../../actors/models/choice.ts';
import { configuredChoice } from '../../actors/models/configured-choice.ts';
import { createModels, type Models } from '../../actors/models/models.ts';
import { askAboutPictures } from '../../actors/picture-question.ts';
import { createRoutinesDesk } from '../../actors/routines-desk.ts';
import { createWorkDesk } from '../../actors/work-desk.ts';
import { root } from '../../supervisors/root.ts';
import { createAuditLog } from '../audit/index.ts';
import { createBudgets } from '../budget/index.ts';
import type { Config, ConfigRequest } from '../config/index.ts';
import type { Assistant, AssistantStatus } from '../core/assistant.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { coerceError, IronbarkError } from '../core/errors.ts';
import { type Ids, ulids } from '../core/ids.ts';
import type { LogDesk } from '../core/logs.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import {
  createGatewayFace,
  type GatewayFace,
  type GatewayOptions,
  type SessionStore,
  type Sessions,
} from '../gateway/index.ts';
import type { Model } from '../llm/index.ts';
import { createMemory } from '../memory/index.ts';
import { createHttpsTransport, createRateLimiter, systemResolver } from '../network/index.ts';
import { createPolicy, createRuleFile } from '../policy/index.ts';
import {
  type ActorSystemHandle,
  type ExitReason,
  formatReport,
  type RuntimeReport,
  StartFailure,
  startSystem,
} from '../runtime/index.ts';
import { createRedactText } from '../safety/index.ts';
import { combinedSecrets, environmentSecrets, type Vault } from '../secrets/index.ts';
import {
  createDatabaseGate,
  type DatabaseGate,
  type Home,
  readSetting,
  writeSetting,
} from '../storage/index.ts';
import {
  createBuiltinTools,
  createFileScope,
  createToolRegistry,
  type Tool,
  type ToolRegistry,
  type WebServices,
} from '../tools/index.ts';
import { createApiTokenStore } from './api-token-store.ts';
import { createExtensionsDesk, type ExtensionShelf } from './extensions-desk.ts';
import { openHooks } from './hooks.ts';
import { agentSettings, budgetOptions, type LiveConfig, llmSettings } from './live-config.ts';
import { type Network, openSandbox } from './sandbox.ts';
import { modelKeys } from './secrets/model-keys.ts';
import { createSecrets, openHomeDatabase } from './secrets/open-secrets.ts';
import { tendVault } from './secrets/tend-vault.ts';
import { watchLeaks } from './secrets/watch-leaks.ts';
import { openSettings } from './settings-desk.ts';
import { readToken } from './token.ts';
import { createLazyInstaller } from './tool/lazy-installer.ts';
import { openVectors } from './vectors.ts';

export interface StartOptions {
  readonly config: Config;
  readonly home: Home;
  readonly version: string;
  readonly log: Logger;
  /** Without it nobody looks at the log through the gateway. */
  readonly logs?: LogDesk;
  /** What the configuration was made of; without it, of home folder and environment. */
  readonly configRequest?: ConfigRequest;
  /** The process's environment, for the choice of the model. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the configured one. */
  readonly model?: Model;
  readonly extraTools?: readonly Tool[];
  /** Instead of the real one. */
  readonly network?: Network;
  /** False: no gateway; only the returned assistant reaches the tree. */
  readonly gateway?: boolean;
  readonly clock?: Clock;
  readonly ids?: Ids;
}

/** A running assistant. */
export interface Running {
  readonly assistant: Assistant;
  /** Where the gateway listens. Throws where there is none. */
  url(): string;
  /** A link that logs one browser in, once. */
  loginLink(): string;
  /** Has the listener told which actor is at work: its path before each visit, then `undefined`. */
  onRunning(listener: (path: string | undefined) => void): void;
  /** Stops the tree in order and closes the database. */
  stop(): Promise<void>;
  /** Resolves when the tree has ended: with the reason where it gave up. */
  readonly exited: Promise<Error | undefined>;
}

/** So long the first call of a model waits for tools that have to be built first; they join later otherwise. */
const LONGEST_TOOLS_MS = 3_000;

const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** The epoch of the only node there is. */
const EPOCH = 1;

/**
 * Builds everything once and starts the tree. The home must be held by the caller (`acquireHomeLock`): two
 * assistants on one home would lose each other's data.
 */
export async function startIronbark(options: StartOptions): Promise<Running> {
  const { config, home, log, clock = systemClock } = options;
  const startedAt = new Date(clock.now()).toISOString();
  const gate = openGate(config, home, log);
  const toolsLooked = Promise.withResolvers<void>();
  const agents = createAgents();
  const live: LiveConfig = { current: config };
  const env = createEnvironment(options, live, gate, toolsLooked.promise, agents);
  agents.connect(env);
  const { sandbox, runner, shelf } = openSandbox(options, env, toolsLooked.resolve);
  let system: ActorSystemHandle | undefined;

  const tree = (): ActorSystemHandle => {
    if (!system) throw new IronbarkError('internal', 'The tree is still starting.');
    return system;
  };
  const status = (): AssistantStatus => ({
    ready: system !== undefined && gate.isOpen(),
    version: options.version,
    startedAt,
    database: gate.isOpen() ? gate.location : 'closed',
    model: env.models.name(),
  });
  const assistant = createAssistant(env, tree, status);
  const letters = createLetterBox(() => clock.now());
  const inspector = createLazyInspector({ env, system: tree, letters });
  const face =
    options.gateway === false
      ? undefined
      : await gatewayFace(options, assistant, env, { inspector, ...desksOf(options, live, shelf, env) });

  try {
    system = await startSystem(root(env, gate, { sandbox, faces: face ? [face.spec] : [] }), {
      onReport: (report) => {
        if (report.type === 'dead_letter') letters.add(report);
        logReport(log, report, system !== undefined);
      },
    });
  } catch (error) {
    await gate.close();
    throw causeOf(error);
  }
  env.hints.connect(system);
  env.models.connect(system);
  runner.connect(system);
  try {
    await env.models.ready();
    env.models.current();
  } catch (error) {
    await system.stop();
    await gate.close();
    throw causeOf(error);
  }
  const tended = tendVault(env.vault, log);

  return {
    assistant,
    url: () => opened(face).url(),
    loginLink: () => opened(face).loginLink(),
    onRunning: (listener) => tree().onRunning(listener),
    async stop() {
      await tended;
      await tree().stop();
      await env.vectors?.rest();
      await gate.close();
    },
    exited: system.exited.then(reasonOf),
  };
}

/** Child starts are for those who look closely, and so is trouble before the start: that is thrown to the caller. */
function logReport(log: Logger, report: RuntimeReport, started: boolean): void {
  const level = started && report.type !== 'progress_report' ? 'warn' : 'debug';
  if (!log.isLevelEnabled(level)) return;
  log[level]({ report: report.type }, formatReport(report, REPORT_FORMAT));
}

const REPORT_FORMAT = { singleLine: true, depth: 4, charsLimit: 2_000 };

function openGate(config: Config, home: Home, log: Logger): DatabaseGate {
  return createDatabaseGate(() =>
    openHomeDatabase(home, config, (notice) => log.debug({ notice }, 'database')),
  );
}

function createEnvironment(
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
  const root = resolve(home.path, config.files.root);
  makeFolder(root, log);
  const files = createFileScope({ root, forbidden: [home.path] });
  const hints = createHints();
  const web = webOf(options, clock);
  const audit = createAuditLog(gate, clock);
  const hooks = openHooks({ file: home.hooksFile, clock, web, redact, vault, audit, log });
  const tools: ToolRegistry = createToolRegistry(
    [
      ...createBuiltinTools({
        clock,
        memory,
        files,
        undoDir: home.undoDir,
        web,
        messenger: createMessenger({ database: gate, clock, ids, hints, hooks }),
        agents,
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
    work: createWorkDesk(() => env),
    routines: createRoutinesDesk(() => env),
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

async function gatewayFace(
  options: StartOptions,
  assistant: Assistant,
  env: Environment,
  desks: Desks,
): Promise<GatewayFace> {
  const { config, home, version, log } = options;
  return createGatewayFace({
    assistant,
    host: config.gateway.host,
    port: config.gateway.port,
    allowRemote: config.gateway.allow_remote,
    token: await readToken(home),
    version,
    publicDir: join(PACKAGE_ROOT, 'web', 'dist'),
    clock: env.clock,
    ids: env.ids,
    allowFaults: config.gateway.allow_faults,
    limits: {
      clients: config.gateway.max_clients,
      chatPerMinute: config.gateway.chat_per_minute,
      changesPerMinute: config.gateway.changes_per_minute,
    },
    files: createFileScope({ root: resolve(home.path, config.files.root), forbidden: [home.path] }),
    sessions: keptSessions(env),
    apiTokenStore: createApiTokenStore(env.database, env.audit),
    ...desks,
    ...(options.logs && { logs: options.logs }),
    ...(env.vectors && { embeddings: env.vectors }),
    webhookSecret: webhookSecret(env.vault, options.env),
    log,
  });
}

const WEBHOOK_SECRET = 'webhook_secret';

/** Looked up for every message, so that a new one counts at once. */
function webhookSecret(vault: Vault, env: StartOptions['env']): () => Promise<string | undefined> {
  const secrets = combinedSecrets(vault, environmentSecrets(env));
  return async () => (await secrets.get(WEBHOOK_SECRET))?.expose();
}

type Desks = Pick<GatewayOptions, 'settings' | 'extensions' | 'inspector'>;

/** What a person does with this installation rather than with the tree. */
function desksOf(
  options: StartOptions,
  live: LiveConfig,
  shelf: ExtensionShelf,
  env: Environment,
): Omit<Desks, 'inspector'> {
  const { configRequest, env: variables, home, log, logs } = options;
  const { vault, tools, models, clock } = env;
  const request = configRequest ?? { home: home.path, env: variables };
  const isTaken = (name: string): boolean => tools.isBuiltin(name);
  return {
    settings: openSettings({ request, live, models, logs }),
    extensions: createExtensionsDesk({
      home,
      shelf,
      installer: createLazyInstaller({ home, env: variables, vault, isTaken, log }),
      async approve(tool, ids) {
        const { createGrantStore } = await import('../extensions/index.ts');
        await createGrantStore(home.toolGrantsDir, clock).approve(tool, ids);
      },
    }),
  };
}

/** Logins of browsers, kept with the rest of the assistant's data. */
function keptSessions({ database, clock }: Environment): SessionStore {
  return {
    load: async () => (await readSetting<Sessions>(database, SESSIONS_SETTING)) ?? [],
    save: (sessions) => writeSetting(database, SESSIONS_SETTING, sessions, clock.now()),
  };
}

const SESSIONS_SETTING = 'gateway.sessions';

function opened(face: GatewayFace | undefined): GatewayFace {
  if (!face) throw new IronbarkError('internal', 'This assistant was started without a gateway.');
  return face;
}

/** What a child could not start for is what the person is told, not which child it was. */
function causeOf(error: unknown): Error {
  if (!(error instanceof StartFailure)) return coerceError(error);
  const { cause } = error;
  return cause instanceof Error ? causeOf(cause) : error;
}

function reasonOf(exit: ExitReason): Error | undefined {
  return exit.kind === 'error' ? exit.error : undefined;
}
