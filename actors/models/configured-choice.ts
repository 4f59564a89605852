import type { Logger } from 'pino';
import type { Clock } from '../../src/core/clock.ts';
import { coerceError, IronbarkError } from '../../src/core/errors.ts';
import type { ModelOffer, ModelProvider, ModelTrial, ThinkingChoice } from '../../src/core/models.ts';
import {
  createModel,
  type LlmConfig,
  listModels,
  type Model,
  type ModelOptions,
  type ModelPlan,
  type ModelSettings,
  modelName,
  parseModelReference,
  providerStates,
  resolveModel,
  type StoredChoice,
  selectModels,
  testModel,
  type Environment as Variables,
} from '../../src/llm/index.ts';
import type { Vault } from '../../src/secrets/index.ts';
import { type Database, readSetting, writeSetting } from '../../src/storage/index.ts';
import type { Chains, ModelChoice } from './choice.ts';

export interface ConfiguredChoiceOptions {
  readonly config: LlmConfig;
  readonly variables: Variables;
  readonly vault: Vault;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Where the user's choice is kept. */
const SETTING = 'llm.choice';

/**
 * The models that the user chose, that are configured, or that the environment and the keys in the vault speak for.
 * Before `ready` has resolved only configuration and environment count. Costs two queries at the start, one after
 * each change of the vault, and one open model for each that was ever named.
 */
export function configuredChoice(options: ConfiguredChoiceOptions): ModelChoice {
  const { config, variables, vault, database, clock, log } = options;
  const openModel = createOpener({ clock, readKey: (name) => readKey(vault, name) });
  const select = (choice: StoredChoice | undefined, keys: readonly string[]): ModelPlan =>
    selectModels(config, variables, choice, keys);
  let stored: StoredChoice | undefined;
  let keyNames: readonly string[] = [];
  let current = attempt(() => chainsOf(select(undefined, [])));
  let loading: Promise<void> | undefined;

  function chainsOf(plan: ModelPlan): Chains {
    const [first, ...others] = plan.main;
    return {
      main: [openModel(first), ...others.map(openModel)],
      cheap: plan.cheap.map(openModel),
      thinking: plan.thinking,
      chosen: stored?.model !== undefined,
    };
  }

  /** What was chosen once may not be there any more; then it is as if nothing had been chosen. */
  function decide(): Chains {
    const chosen = attempt(() => chainsOf(select(stored, keyNames)));
    if (!(chosen instanceof Error)) return chosen;
    if (stored?.model === undefined) throw chosen;
    const { model, ...rest } = stored;
    log.warn({ err: chosen, model }, 'the chosen model cannot be used any more');
    stored = rest;
    return chainsOf(select(stored, keyNames));
  }

  async function load(): Promise<void> {
    const [choice, names] = await Promise.all([readSetting<StoredChoice>(database, SETTING), vault.names()]);
    stored = choice;
    keyNames = names;
    current = attempt(decide);
  }

  async function refreshKeys(): Promise<void> {
    await ready();
    keyNames = await vault.names();
    const decided = attempt(decide);
    // A key that is gone leaves the models as they were: their calls say what is missing.
    if (!(decided instanceof Error)) current = decided;
  }

  function ready(): Promise<void> {
    loading ??= load().catch((thrown: unknown) => {
      loading = undefined;
      throw thrown;
    });
    return loading;
  }

  async function change(next: StoredChoice): Promise<void> {
    const chains = attempt(() => ({ plan: select(next, keyNames) }));
    if (chains instanceof Error) throw asUsage(chains);
    await writeSetting(database, SETTING, next, clock.now());
    stored = next;
    current = chainsOf(chains.plan);
  }

  function settingsOf(reference: string | undefined): ModelSettings {
    const settings = attempt(() =>
      reference === undefined
        ? select(stored, keyNames).main[0]
        : resolveModel(reference, config, variables, keyNames),
    );
    if (settings instanceof Error) throw asUsage(settings);
    return settings;
  }

  vault.onChange(() => {
    refreshKeys().catch((thrown: unknown) =>
      log.warn({ err: coerceError(thrown) }, 'the models were not chosen anew'),
    );
  });

  return {
    chains() {
      if (current instanceof Error) throw current;
      return current;
    },
    ready,
    async use(reference) {
      await ready();
      const { model: _, ...rest } = stored ?? {};
      await change(reference === 'default' ? rest : { ...rest, model: canonical(reference) });
    },
    async setThinking(level: ThinkingChoice) {
      await ready();
      const { thinking: _, ...rest } = stored ?? {};
      await change(level === 'default' ? rest : { ...rest, thinking: level });
    },
    async list(provider, signal) {
      await ready();
      const settings = settingsOf(provider);
      const listed = await listModels(settings, { signal, clock, readKey: (name) => readKey(vault, name) });
      if (!listed.ok) throw new IronbarkError('usage', listed.error.message);
      return listed.value.map(
        ({ model, title = null, contextTokens = null }): ModelOffer => ({
          reference: settings.provider === 'offline' ? model : `${settings.provider}/${model}`,
          title,
          contextTokens,
        }),
      );
    },
    async providers() {
      await ready();
      const asked = current instanceof Error ? undefined : current.main[0].name;
      return providerStates(config, variables, keyNames).map(
        (state): ModelProvider => ({ ...state, current: asked?.startsWith(`${state.name}/`) === true }),
      );
    },
    async reconsider() {
      await ready();
      const decided = attempt(decide);
      if (decided instanceof Error) throw decided;
      current = decided;
    },
    async test(reference, signal): Promise<ModelTrial> {
      await ready();
      const settings = settingsOf(reference);
      const tested = await testModel(settings, { signal, clock, readKey: (name) => readKey(vault, name) });
      const name = modelName(settings);
      return tested.ok
        ? { reference: name, ...tested.value, failure: null }
        : { reference: name, ms: null, model: null, failure: tested.error };
    },
  };
}

/** One model for each of the settings, so that its adapter is loaded once, whatever is chosen meanwhile. */
function createOpener(options: ModelOptions): (settings: ModelSettings) => Model {
  const opened = new Map<string, Model>();
  return (settings) => {
    const key = JSON.stringify(settings);
    const model = opened.get(key) ?? createModel(settings, options);
    opened.set(key, model);
    return model;
  };
}

async function readKey(vault: Vault, name: string): Promise<string | undefined> {
  return (await vault.get(name))?.expose();
}

/** A bare provider's name stays one, so that its usual model may change with the program. */
function canonical(reference: string): string {
  const parsed = attempt(() => parseModelReference(reference.trim()));
  if (parsed instanceof Error) throw asUsage(parsed);
  return reference.trim();
}

/** A choice that cannot be made is the asker's mistake, not one of the configuration. */
function asUsage(error: IronbarkError): IronbarkError {
  return new IronbarkError('usage', error.message, error.hint);
}

/** What the configuration lacks is a value here; anything else is a defect. */
function attempt<T>(work: () => T): T | IronbarkError {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof IronbarkError) return thrown;
    throw thrown;
  }
}
