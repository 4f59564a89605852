import type { Logger } from 'pino';
import { createAgents } from '../../actors/agents.ts';
import { createAssistant } from '../../actors/assistant.ts';
import { createLazyInspector, createLetterBox } from '../../actors/inspection/index.ts';
import { root } from '../../supervisors/root.ts';
import type { Config } from '../config/index.ts';
import type { Assistant, AssistantStatus } from '../core/assistant.ts';
import { systemClock } from '../core/clock.ts';
import { coerceError, IronbarkError } from '../core/errors.ts';
import type { GatewayFace } from '../gateway/index.ts';
import {
  type ActorSystemHandle,
  type ExitReason,
  formatReport,
  type RuntimeReport,
  StartFailure,
  startSystem,
} from '../runtime/index.ts';
import { createDatabaseGate, type DatabaseGate, type Home } from '../storage/index.ts';
import { createEnvironment } from './create-environment.ts';
import { desksOf, gatewayFace } from './gateway-face.ts';
import type { LiveConfig } from './live-config.ts';
import { openSandbox } from './sandbox.ts';
import { openHomeDatabase } from './secrets/open-secrets.ts';
import { tendVault } from './secrets/tend-vault.ts';
import type { StartOptions } from './start-options.ts';

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
      await env.shell?.rest();
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
