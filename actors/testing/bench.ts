import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createAuditLog } from '../../src/audit/index.ts';
import { type budgetLimits, createBudgets } from '../../src/budget/index.ts';
import { createContainers, createRefusalLog } from '../../src/containers/index.ts';
import type { Assistant, DeliveryMode, Input } from '../../src/core/assistant.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { countedIds } from '../../src/core/ids.ts';
import type { JournalEntry, ModelFailure, ToolCall } from '../../src/core/journal.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { HeartbeatTimes } from '../../src/heartbeat/index.ts';
import { type Hooks, NO_HOOKS } from '../../src/hooks/index.ts';
import { FREE_AND_WIDE, type Model, type ModelAnswer, type ModelRequest } from '../../src/llm/index.ts';
import { createMemory, type Memory } from '../../src/memory/index.ts';
import { createHttpsTransport, systemResolver } from '../../src/network/index.ts';
import { createPolicy, NO_RULES, type PolicyRules } from '../../src/policy/index.ts';
import type { RepairSettings } from '../../src/repair/index.ts';
import { type ActorSystemHandle, type RuntimeClock, startSystem } from '../../src/runtime/index.ts';
import { createLeakDetector, createRedactText, sealKnown } from '../../src/safety/index.ts';
import {
  createMasterKeys,
  createSecretsDesk,
  createVault,
  environmentSecrets,
  type Secret,
} from '../../src/secrets/index.ts';
import { createDatabaseGate, type Database } from '../../src/storage/index.ts';
import { openMemoryDatabase } from '../../src/storage/testing/memory-database.ts';
import { createFileScope, createToolRegistry, type Tool, type ToolRegistry } from '../../src/tools/index.ts';
import type { WorkSettings } from '../../src/work/index.ts';
import { root } from '../../supervisors/root.ts';
import type { AgentDesk } from '../agents.ts';
import { createAssistant } from '../assistant.ts';
import type { Environment, EpisodeSettings } from '../environment.ts';
import { createHints } from '../hints.ts';
import { createWorkDesk } from '../jobs/desk.ts';
import type { JobRunner, RunnerName } from '../jobs/runner.ts';
import { createJobRunners } from '../jobs/runners.ts';
import { createLiveFeed } from '../live-feed.ts';
import { fixedChoice, type ModelChoice } from '../models/choice.ts';
import { createModels } from '../models/models.ts';
import { createLazyEgress } from '../open-egress.ts';
import { createRoutinesDesk } from '../routines/desk.ts';

/** What the played model answers; it may look at the request, and may take its time. */
export type Script = (request: ModelRequest, call: number) => Answer | Promise<Answer>;
export type Answer =
  | string
  | { readonly calls: readonly ToolCall[]; readonly cut?: true }
  | { readonly failure: ModelFailure };

/** A whole tree over a database in memory, with a played model. */
export interface Bench extends AsyncDisposable {
  /** What the actors of the first tree share. */
  readonly env: Environment;
  readonly assistant: Assistant;
  readonly database: Database;
  readonly memory: Memory;
  readonly tools: ToolRegistry;
  readonly system: ActorSystemHandle;
  /** How often the model was called. */
  readonly modelCalls: () => number;
  say(text: string, mode?: DeliveryMode): Promise<string>;
  input(input: Input, externalId?: string): Promise<string>;
  entries(): Promise<readonly JournalEntry[]>;
  /** The first entry of this type from now on, or already in the journal, that fits. */
  waitFor<T extends JournalEntry['type']>(
    type: T,
    fits?: (entry: Extract<JournalEntry, { type: T }>) => boolean,
  ): Promise<Extract<JournalEntry, { type: T }>>;
  /** The tree dies where it stands and a new one starts over the same database. */
  restart(): Promise<void>;
}

const CONVERSATION = 'talk';

type BudgetLimits = ReturnType<typeof budgetLimits>;

const NO_LIMITS: BudgetLimits = {
  dayMicroUsd: 0,
  monthMicroUsd: 0,
  conversationMicroUsd: 0,
  turnMicroUsd: 0,
  agentMicroUsd: 0,
};

export async function openBench(options: {
  readonly script: Script;
  readonly tools?: readonly Tool[];
  /** Model calls of one turn; 5 unless given. */
  readonly iterations?: number;
  /** Tokens of one turn; no limit unless given. */
  readonly tokens?: number;
  readonly sessionIdleMs?: number;
  readonly hungAfterMs?: number;
  readonly rules?: PolicyRules;
  readonly hooks?: Hooks;
  /** Told of the tree, so that they can work in it. */
  readonly agents?: AgentDesk;
  /** Which models there are beside the played one, or instead of it. */
  readonly choice?: (played: Model) => ModelChoice;
  /** Calls of models that run at once; 16 unless given. */
  readonly maxConcurrent?: number;
  /** What may be spent; no limit unless given. */
  readonly limits?: BudgetLimits;
  /** Of the tree, for waits that must not be waited for. */
  readonly clock?: RuntimeClock;
  /** What time it is for everything else; the system's unless given. */
  readonly time?: Clock;
  /** Secrets of the user. */
  readonly known?: readonly Secret[];
  /** Memory is tidied by itself; it is not unless given. */
  readonly consolidate?: boolean;
  /** Conversations that ended are not distilled unless given. */
  readonly episodes?: EpisodeSettings;
  /** Of a Docker daemon; there is none unless given. */
  readonly dockerSocket?: string;
  /** The folder of the file tools; one in the system's temporary folder unless given. */
  readonly files?: string;
  /** How much work goes on at once; as by default unless given. */
  readonly work?: WorkSettings;
  /** What carries out work of jobs, beside or instead of the usual. */
  readonly runners?: Iterable<readonly [RunnerName, JobRunner]>;
  readonly background?: NonNullable<Environment['background']>;
  /** It does not look by itself whether something needs attention unless given. */
  readonly heartbeat?: HeartbeatTimes;
  /** Tools never count as broken unless given. */
  readonly repair?: RepairSettings;
}): Promise<Bench> {
  const database = await openMemoryDatabase();
  const clock = options.time ?? systemClock;
  const ids = countedIds();
  const known = sealKnown(options.known ?? []);
  const leaks = createLeakDetector({ known: () => known });
  const knownReady = async (): Promise<void> => {};
  const tools = createToolRegistry(options.tools ?? [], { redact: createRedactText(leaks, knownReady) });
  let calls = 0;
  let inputs = 0;
  const model: Model = {
    ...FREE_AND_WIDE,
    name: 'played',
    complete: async (request) => answerOf(await options.script(request, ++calls), request),
  };
  const models = createModels({
    choice: options.choice?.(model) ?? fixedChoice(model),
    clock,
    cacheMs: 0,
    maxConcurrent: options.maxConcurrent ?? 16,
    hungAfterMs: options.hungAfterMs ?? 10_000,
  });
  const gate = createDatabaseGate(async () => ({ ...database, close: async () => {} }));
  const files = createFileScope({ root: options.files ?? join(tmpdir(), 'ironbark-bench-files') });
  const env: Environment = {
    clock,
    ids,
    log: pino({ level: 'silent' }),
    database: gate,
    models,
    memory: createMemory(database, clock),
    budgets: createBudgets({ database, clock, timezone: 'UTC', limits: options.limits ?? NO_LIMITS }),
    tools,
    toolsReady: Promise.resolve(),
    policy: createPolicy({ database, tools: tools.get, rules: options.rules ?? NO_RULES, clock }),
    audit: createAuditLog(database, clock),
    leaks,
    knownReady,
    ...openSecrets(database),
    containers: createContainers({
      home: tmpdir(),
      socketPath: options.dockerSocket ?? '/nonexistent/docker.sock',
    }),
    refusals: createRefusalLog({
      audit: createAuditLog(database, clock),
      clock,
      redact: createRedactText(leaks, knownReady),
      onDefect: (thrown) => {
        throw thrown;
      },
    }),
    egress: createLazyEgress({
      audit: createAuditLog(database, clock),
      database,
      clock,
      leaks,
      knownReady,
      secrets: environmentSecrets({}),
      resolver: systemResolver,
      transport: createHttpsTransport(),
      settings: { domains: [], uploadBytes: 1_000_000, credentials: [] },
      onDefect: (thrown) => {
        throw thrown;
      },
    }),
    feed: createLiveFeed((error) => {
      throw error;
    }),
    work: createWorkDesk(() => env),
    runners: createJobRunners(() => env, options.runners),
    ...(options.background && { background: options.background }),
    files,
    routines: createRoutinesDesk(() => env),
    hints: createHints(),
    hooks: options.hooks ?? NO_HOOKS,
    settings: {
      turn: { iterations: options.iterations ?? 5, tokens: options.tokens ?? 0, workMs: 0 },
      sessionIdleMs: options.sessionIdleMs ?? 60_000,
      whileBusy: 'steer',
      hungAfterMs: options.hungAfterMs ?? 10_000,
      timezone: 'UTC',
      ...(options.work && { work: options.work }),
      ...(options.consolidate && { consolidate: true }),
      ...(options.episodes && { episodes: options.episodes }),
      ...(options.heartbeat && { heartbeat: options.heartbeat }),
      ...(options.repair && { repair: options.repair }),
    },
    epoch: 1,
    version: 'test',
  };
  options.agents?.connect({ ...env, database: gate });
  const start = async (): Promise<ActorSystemHandle> => {
    const started = await startSystem(root({ ...env, database: gate }, gate), {
      ...(options.clock && { clock: options.clock }),
    });
    env.hints.connect(started);
    env.models.connect(started);
    return started;
  };
  let system = await start();
  const assistant = createAssistant(
    { ...env, database: gate },
    () => system,
    () => {
      throw new Error('not asked for');
    },
  );

  const bench: Bench = {
    env: { ...env, database: gate },
    assistant,
    database,
    memory: env.memory,
    tools,
    get system() {
      return system;
    },
    modelCalls: () => calls,
    say: (text, mode = 'queue') => bench.input({ type: 'message', text, mode }),
    async input(input, externalId = `external-${++inputs}`) {
      const accepted = await assistant.accept({
        channel: 'web',
        externalId,
        conversationId: CONVERSATION,
        input,
      });
      return accepted.inboxId;
    },
    entries: () => assistant.entries(CONVERSATION, { after: 0, limit: 1000 }),
    waitFor: (type, fits = () => true) => waitFor(assistant, type, fits),
    async restart() {
      await system.stop();
      system = await start();
    },
    async [Symbol.asyncDispose]() {
      await system.stop();
      await database.close();
    },
  };
  return bench;
}

/** Nothing is stored in most tests; where something is, its key goes into a folder of its own. */
function openSecrets(database: Database): Pick<Environment, 'vault' | 'secrets'> {
  const home = join(tmpdir(), 'ironbark-bench-without-secrets');
  const vault = createVault({ database, clock: systemClock, keys: createMasterKeys({ env: {}, home }) });
  const environment = environmentSecrets({});
  const audit = createAuditLog(database, systemClock);
  return {
    vault,
    secrets: createSecretsDesk({ vault, environment, database, audit, clock: systemClock, actor: 'test' }),
  };
}

function answerOf(answer: Answer, request: ModelRequest): Result<ModelAnswer, ModelFailure> {
  const usage = { inputTokens: 1, outputTokens: 1 };
  if (typeof answer === 'string') {
    request.onText?.(answer);
    return ok({ text: answer, toolCalls: [], usage, model: 'played' });
  }
  if ('failure' in answer) return err(answer.failure);
  const { calls, cut } = answer;
  return ok({ text: '', toolCalls: calls, usage, model: 'played', ...(cut && { cut }) });
}

function waitFor<T extends JournalEntry['type']>(
  assistant: Assistant,
  type: T,
  fits: (entry: Extract<JournalEntry, { type: T }>) => boolean,
): Promise<Extract<JournalEntry, { type: T }>> {
  const isIt = (entry: JournalEntry): entry is Extract<JournalEntry, { type: T }> => entry.type === type;
  return new Promise((resolve, reject) => {
    const look = (entry: JournalEntry): void => {
      if (!isIt(entry) || !fits(entry)) return;
      stop();
      resolve(entry);
    };
    const stop = assistant.watch(CONVERSATION, (event) => {
      if (event.type === 'entry') look(event.entry);
    });
    assistant.entries(CONVERSATION, { after: 0, limit: 1000 }).then((past) => past.forEach(look), reject);
  });
}

/** Lets other work run until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
