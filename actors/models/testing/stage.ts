import { pino } from 'pino';
import { SimulatedClock } from 'xstate';
import { type budgetLimits, createBudgets } from '../../../src/budget/index.ts';
import { systemClock } from '../../../src/core/clock.ts';
import type { ModelFailure } from '../../../src/core/journal.ts';
import { err, ok, type Result } from '../../../src/core/result.ts';
import type { TreeNode } from '../../../src/core/tree.ts';
import {
  createModel,
  FREE_AND_WIDE,
  type Model,
  type ModelAnswer,
  type ModelRequest,
  selectModels,
} from '../../../src/llm/index.ts';
import { type ActorSystemHandle, startSystem } from '../../../src/runtime/index.ts';
import { createLeakDetector, sealKnown } from '../../../src/safety/index.ts';
import { createDatabaseGate, type Database } from '../../../src/storage/index.ts';
import { openMemoryDatabase } from '../../../src/storage/testing/memory-database.ts';
import { models as modelsSupervisor } from '../../../supervisors/models.ts';
import { askModel, type ModelOrder, type ModelOutcome } from '../../ask-model.ts';
import { createLiveFeed } from '../../live-feed.ts';
import { type Chains, fixedChoice, type ModelChoice } from '../choice.ts';
import { createModels, type Models } from '../models.ts';

/** What stands around the models, alone in its tree, with a clock that only goes when it is told to. */
export interface Stage extends AsyncDisposable {
  readonly models: Models;
  readonly clock: SimulatedClock;
  readonly system: ActorSystemHandle;
  readonly database: Database;
  /** What the user was told of waits. */
  readonly progress: readonly string[];
  ask(order?: Partial<ModelOrder>, signal?: AbortSignal): Promise<ModelOutcome>;
  /** Of the actor at this path below the supervisor of the models, for example `breakers/played`. */
  stateOf(path: string): string | undefined;
}

export interface StageOptions {
  readonly main: readonly [Model, ...Model[]];
  readonly cheap?: readonly Model[];
  readonly cacheMs?: number;
  readonly maxConcurrent?: number;
  readonly limits?: Partial<ReturnType<typeof budgetLimits>>;
  readonly random?: () => number;
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const clock = new SimulatedClock();
  const opened = options.limits && (await openMemoryDatabase());
  const database = opened ?? createDatabaseGate(openMemoryDatabase);
  const models = createModels({
    choice: chainChoice({ main: options.main, cheap: options.cheap ?? [] }),
    clock,
    cacheMs: options.cacheMs ?? 0,
    maxConcurrent: options.maxConcurrent ?? 16,
    hungAfterMs: 10_000,
    random: options.random ?? (() => 0.5),
  });
  const system = await startSystem(modelsSupervisor(models.input), { clock });
  models.connect(system);
  const progress: string[] = [];
  const feed = createLiveFeed((error) => {
    throw error;
  });
  feed.watch('talk', (event) => event.type === 'progress' && progress.push(event.text));
  const known = sealKnown([]);
  const env = {
    models,
    feed,
    log: pino({ level: 'silent' }),
    leaks: createLeakDetector({ known: () => known }),
    knownReady: async () => {},
    budgets: createBudgets({
      database,
      clock: systemClock,
      timezone: 'UTC',
      limits: { ...NO_LIMITS, ...options.limits },
    }),
  };
  let effects = 0;
  return {
    models,
    clock,
    system,
    database,
    progress,
    ask(order = {}, signal = new AbortController().signal) {
      const payer = { conversationId: 'talk', turnId: 'turn' };
      const base = { effectId: `effect-${++effects}`, payer, purpose: 'answer', request: HELLO } as const;
      return askModel(env, { ...base, ...order }, signal);
    },
    stateOf: (path) => nodeAt(system.tree(), `root/${path}`)?.state,
    async [Symbol.asyncDispose]() {
      await system.stop();
      await opened?.close();
    },
  };
}

export const HELLO = { system: '', messages: [{ role: 'user', text: 'hello' }], tools: [] } as const;

const NO_LIMITS = {
  dayMicroUsd: 0,
  monthMicroUsd: 0,
  conversationMicroUsd: 0,
  turnMicroUsd: 0,
  agentMicroUsd: 0,
};

export function nodeAt(node: TreeNode, path: string): TreeNode | undefined {
  if (node.path === path) return node;
  for (const child of node.children) {
    const found = nodeAt(child, path);
    if (found) return found;
  }
  return undefined;
}

/** These models, in this order; `switchTo` changes them on the way. */
export function chainChoice(
  first: Pick<Chains, 'main'> & Partial<Chains>,
): ModelChoice & { switchTo(main: Chains['main']): void } {
  let chains: Chains = { cheap: [], thinking: undefined, chosen: false, ...first };
  return {
    ...fixedChoice(first.main[0]),
    chains: () => chains,
    switchTo(main) {
      chains = { ...chains, main };
    },
  };
}

export type Played = string | Partial<ModelFailure> | Promise<string>;

/** A model that does as it is told, one call after the other; the last word is repeated. */
export function playedModel(
  name: string,
  plays: readonly ((request: ModelRequest) => Played)[],
  more: Partial<Model> = {},
): Model & { readonly requests: readonly ModelRequest[]; complete: Model['complete'] } {
  const requests: ModelRequest[] = [];
  return {
    ...FREE_AND_WIDE,
    name,
    ...more,
    requests,
    async complete(request): Promise<Result<ModelAnswer, ModelFailure>> {
      requests.push(request);
      const play = plays[Math.min(requests.length, plays.length) - 1];
      const played = await play?.(request);
      if (typeof played !== 'string')
        return err({ kind: 'unavailable', message: `${name} is down`, ...played });
      return ok({ text: played, toolCalls: [], usage: { inputTokens: 100, outputTokens: 10 }, model: name });
    },
  };
}

/** A model behind HTTP, spoken to as any other. */
export function servedModel(url: string, model: string): Model {
  const [settings] = selectModels({ base_url: url, model }, {}, undefined, []).main;
  return createModel(settings);
}
