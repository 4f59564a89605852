import type { ModelFailure, ToolCall, Usage } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';

/** A language model, wherever it runs. Implementations: offline (rules), provider (HTTP), replay (a recorded trace). */
export interface Model {
  /** For people and for the record, for example `openai/gpt-5-mini` or `offline`. */
  readonly name: string;
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
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
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
}
