import type { ModelFailure, ToolCall, Usage } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';

/** A language model, wherever it runs. Implementations: offline (rules), provider (HTTP), replay (a recorded trace). */
export interface Model {
  /** For people and for the record, for example `openai/gpt-5-mini` or `offline`. */
  readonly name: string;
  readonly limits: ModelLimits;
  /** What it costs; undefined where that is not known. */
  readonly price: Price | undefined;
  /**
   * One call of the model. Never throws: whatever goes wrong comes back as a failure that can be shown to the
   * user. Text is also handed to `onText` piece by piece as it arrives.
   */
  complete(request: ModelRequest): Promise<Result<ModelAnswer, ModelFailure>>;
}

export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDescription[];
  readonly signal: AbortSignal;
  readonly onText?: (text: string) => void;
  /** How much it should think before it answers; as the model is set up where absent. */
  readonly thinking?: ThinkingLevel;
  /** Tokens that the answer may have at most. */
  readonly maxOutputTokens?: number;
}

export type ThinkingLevel = 'off' | 'low' | 'medium' | 'high';

export interface ModelLimits {
  /** Tokens that it can read and write in one call, together. */
  readonly contextTokens: number;
  readonly outputTokens: number;
  /** Whether it can look at pictures. */
  readonly vision: boolean;
}

/** Of a model that is told nothing about: one that runs here, or is played. */
export const FREE_AND_WIDE: Pick<Model, 'limits' | 'price'> = {
  limits: { contextTokens: 1_000_000, outputTokens: 64_000, vision: false },
  price: undefined,
};

/** US dollars for a million tokens, which is the same number as millionths of a dollar for one. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export interface Picture {
  /** `image/png`, `image/jpeg`, `image/webp` or `image/gif`. */
  readonly mediaType: string;
  readonly data: Uint8Array;
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string; readonly pictures?: readonly Picture[] }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls: readonly ToolCall[] }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly tool: string;
      readonly content: string;
      readonly failed: boolean;
    };

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object. */
  readonly parameters: JsonObject;
}

export interface ModelAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: Usage;
  /** The name the model itself reported. */
  readonly model: string;
  /** It ended because it may write no more; its last call may be incomplete. */
  readonly cut?: true;
}
