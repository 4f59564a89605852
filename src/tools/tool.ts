import type { JsonObject } from '../core/json.ts';
import type { Statement } from '../storage/index.ts';

/**
 * Something the assistant can do. `effect` decides what happens when the process dies while it runs:
 * - `pure`: reads only, or computes; run again, and may run beside other pure calls;
 * - `idempotent`: running it twice is running it once; run again;
 * - `once`: may have happened; never run again without asking.
 *
 * A tool whose effect is rows in our own database returns them as `writes`: they commit together with its
 * outcome, so that it happens exactly once (declare it `idempotent`).
 */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object. */
  readonly parameters: JsonObject;
  readonly effect: 'pure' | 'idempotent' | 'once';
  /**
   * Whether the user is asked first: `never`; `unless-granted`: unless allowed before with "always";
   * `always`: every time, whatever was granted.
   */
  readonly approval: 'never' | 'unless-granted' | 'always';
  readonly timeoutMs: number;
  /** One line on what this very call would do, for the approval card. */
  summary?(args: JsonObject): string;
  /**
   * Why this very call cannot succeed whatever the user answers, so that nobody is asked about it. Consulted before
   * an approval; `execute` checks the same again.
   */
  refusal?(args: JsonObject): Promise<string | undefined>;
  /**
   * What the user has to provide before the call can run, as a question to them; undefined where nothing is missing.
   * They are asked before anything else, whatever was granted, and the call goes on when they say yes.
   */
  lacks?(): Promise<string | undefined>;
  /** Never throws for bad arguments or a failed effect: that is an output with `ok: false`. */
  execute(args: JsonObject, context: ToolContext): Promise<ToolOutput>;
}

export interface ToolContext {
  /** Stable across retries of the same effect: use it as idempotency key towards the outside. */
  readonly effectId: string;
  readonly conversationId: string;
  /** The user's IANA time zone. */
  readonly timezone: string;
  readonly signal: AbortSignal;
  /** Where a tool calls another: the tools above this call, outermost first. Empty for a call of the model. */
  readonly callers: readonly string[];
  /** Calls of other tools that may still be made on behalf of the outermost one; shared by all of them. */
  readonly invokesLeft: { count: number };
  /** Whether what the arguments were made from includes text from outside. */
  readonly tainted: boolean;
  /** The full result of an earlier call of this conversation, or undefined. */
  earlierResult(callId: string): string | undefined;
}

export interface ToolOutput {
  readonly ok: boolean;
  /** What the model reads: the result, or what was wrong and what to do instead. */
  readonly content: string;
  readonly writes?: readonly Statement[];
  /** Whether the content includes text from outside, which is nobody's wish. */
  readonly tainted?: boolean;
}
