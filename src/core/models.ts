import type { ModelFailure } from './journal.ts';

/** What a person does with the language models of a running assistant. */
export interface ModelsDesk {
  /** Which models are asked, in which order, and how they have done lately. */
  status(): Promise<ModelsStatus>;
  /**
   * From the next call on this model is asked first, also after a restart. A reference is `provider/model`, or a
   * provider's name for its usual model; `default`: what configuration and environment say. What is under way goes on
   * as it began. Rejects with kind `usage` where it cannot be used.
   */
  use(reference: string): Promise<ModelsStatus>;
  /** How much models think before they answer, from the next call on; `default` as in `use`. */
  setThinking(level: ThinkingChoice): Promise<ModelsStatus>;
  /** What a provider offers now; without its name, the provider in use. Rejects with kind `usage`. */
  list(provider?: string): Promise<readonly ModelOffer[]>;
  /** Every provider there is, and whether it could be asked as things stand. Asks none of them. */
  providers(): Promise<readonly ModelProvider[]>;
  /** One tiny call, past every limit and breaker; without a reference, to the model in use. */
  test(reference?: string): Promise<ModelTrial>;
}

export type ThinkingChoice = 'off' | 'low' | 'medium' | 'high' | 'default';

export interface ModelsStatus {
  /** Null: as each model is set up by itself. */
  readonly thinking: string | null;
  /** Whether the user chose the first model, rather than configuration or environment. */
  readonly chosen: boolean;
  /** What is asked for answers, in this order. */
  readonly main: readonly ModelState[];
  /** What is asked first where the user does not see the answer: summaries, routing. */
  readonly cheap: readonly ModelState[];
  /** Calls that run now, and those that wait for one of them to end. */
  readonly running: number;
  readonly waiting: number;
  readonly maxConcurrent: number;
}

export interface ModelState {
  readonly reference: string;
  /**
   * Of its circuit breaker: `closed`, calls go through; `open`, it failed again and again and is left alone;
   * `halfOpen`, one call at a time finds out whether it is well again. `unused`: not asked yet.
   */
  readonly state: string;
  readonly lastFailure: string | null;
}

export interface ModelProvider {
  /** For a reference: `openai`. */
  readonly name: string;
  /** For people: `OpenAI`. */
  readonly label: string;
  /** Something was set for it: a key, an address. */
  readonly configured: boolean;
  /** Nothing that it needs is missing. */
  readonly available: boolean;
  /** What is missing, or has to be there; null where nothing is to be said. */
  readonly reason: string | null;
  /** The model that is asked first is one of its own. */
  readonly current: boolean;
  /** It runs on the user's own machine. */
  readonly local: boolean;
  readonly keyRequired: boolean;
  /** The name of the secret that is its key. */
  readonly keySecret: string;
  readonly keyIsSet: boolean;
  readonly baseUrl: string | null;
  readonly defaultModel: string;
}

export interface ModelOffer {
  /** For `use`. */
  readonly reference: string;
  readonly title: string | null;
  /** Tokens that it can read and write together, where the provider says so. */
  readonly contextTokens: number | null;
}

export interface ModelTrial {
  readonly reference: string;
  /** Null where it failed. */
  readonly ms: number | null;
  /** What the model calls itself. */
  readonly model: string | null;
  readonly failure: ModelFailure | null;
}
