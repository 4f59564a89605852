import { IronbarkError } from '../../src/core/errors.ts';
import type { ModelOffer, ModelProvider, ModelTrial, ThinkingChoice } from '../../src/core/models.ts';
import type { Model, ThinkingLevel } from '../../src/llm/index.ts';

/** Which models are asked as things stand. */
export interface Chains {
  /** For answers: the preferred one first. */
  readonly main: readonly [Model, ...Model[]];
  /** For what the user does not see, before the main ones. */
  readonly cheap: readonly Model[];
  readonly thinking: ThinkingLevel | undefined;
  /** Whether the user chose the first one. */
  readonly chosen: boolean;
}

/** Who decides which models are asked. */
export interface ModelChoice {
  chains(): Chains;
  /** Resolves when what the user chose and the keys in the vault are taken into account. */
  ready(): Promise<void>;
  /** What follows rejects with an `IronbarkError` of kind `usage` where it cannot be done. */
  use(reference: string): Promise<void>;
  setThinking(level: ThinkingChoice): Promise<void>;
  list(provider: string | undefined, signal: AbortSignal): Promise<readonly ModelOffer[]>;
  test(reference: string | undefined, signal: AbortSignal): Promise<ModelTrial>;
  providers(): Promise<readonly ModelProvider[]>;
  /** Configuration has changed: decides anew. Rejects, and leaves things as they were, where that cannot be used. */
  reconsider(): Promise<void>;
}

/** One model and no other, whatever is configured. How much it thinks can be changed, until the end of the process. */
export function fixedChoice(model: Model): ModelChoice {
  let thinking: ThinkingLevel | undefined;
  return {
    chains: () => ({ main: [model], cheap: [], thinking, chosen: false }),
    ready: async () => {},
    async use(reference) {
      if (reference !== model.name && reference !== 'default') throw cannotChange(model.name);
    },
    async setThinking(level) {
      thinking = level === 'default' ? undefined : level;
    },
    list: async () => [{ reference: model.name, title: null, contextTokens: model.limits.contextTokens }],
    providers: async () => [],
    reconsider: async () => {},
    async test(reference, signal) {
      if (reference !== undefined && reference !== model.name) throw cannotChange(model.name);
      const answer = await model.complete({
        system: '',
        messages: [{ role: 'user', text: 'Answer with the one word: ok' }],
        tools: [],
        signal,
      });
      const failure = answer.ok ? null : answer.error;
      return {
        reference: model.name,
        ms: answer.ok ? 0 : null,
        model: answer.ok ? answer.value.model : null,
        failure,
      };
    },
  };
}

const cannotChange = (name: string): IronbarkError =>
  new IronbarkError('usage', `This assistant was started with ${name} and uses no other model.`);
