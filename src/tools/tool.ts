import type { AuditRecord } from '../core/audit.ts';
import type { AgentOrder, Origin } from '../core/journal.ts';
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
  /** Calls of it may run beside each other and beside pure ones, although it is not pure. */
  readonly independent?: true;
  /** It lays a plan before the user: where one must be approved first, its calls are the question. */
  readonly proposesPlan?: true;
  /**
   * Whether the user is asked first: `never`; `unless-granted`: unless allowed before with "always";
   * `always`: every time, whatever was granted.
   */
  readonly approval: 'never' | 'unless-granted' | 'always';
  /** For this very call, where that differs. */
  approvalOf?(args: JsonObject): Tool['approval'];
  readonly timeoutMs: number;
  /** What a call can do to the world. None: it only computes, or looks at what is everybody's. */
  readonly powers: readonly Power[];
  /** What this very call can do, where that may be less. */
  powersOf?(args: JsonObject): readonly Power[];
  /**
   * To whom or to what this very call does it. A grant can be narrowed to some of them. None: nobody can tell, and a
   * grant covers all that the tool does.
   */
  targets?(args: JsonObject): readonly Target[];
  /** Arguments that say what is done, not to whom: the text of a letter. Not to be found in what the user wrote. */
  readonly content?: readonly string[];
  /** Of a tool from outside: changes with its code. */
  readonly version?: string;
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

/**
 * - `reads-private`: returns what is the user's own;
 * - `sends`: something leaves this machine for others to see;
 * - `changes`: something is different afterwards, here or elsewhere;
 * - `spends`: costs money, or commits to it;
 * - `runs-code`: can do whatever a program can.
 */
export type Power = 'reads-private' | 'sends' | 'changes' | 'spends' | 'runs-code';

/** What this very call of the tool can do to the world. */
export function powersOf(tool: Tool, args: JsonObject): readonly Power[] {
  return tool.powersOf?.(args) ?? tool.powers;
}

/** Whether a call does anything that could be regretted. Reading alone does not: nothing leaves. */
export function isConsequential(tool: Tool, args: JsonObject): boolean {
  return powersOf(tool, args).some((power) => power !== 'reads-private');
}

/** What a call is directed at. */
export interface Target {
  /** The argument that names it. */
  readonly argument: string;
  readonly kind: 'path' | 'host' | 'recipient' | 'command' | 'document';
  /** In a form in which the same target is always the same text: an absolute path, a host in small letters. */
  readonly value: string;
}

export interface ToolContext {
  /** Stable across retries of the same effect: use it as idempotency key towards the outside. */
  readonly effectId: string;
  readonly conversationId: string;
  readonly turnId: string;
  /** Where the turn is the work of an agent: what it was told. */
  readonly agent?: AgentOrder;
  readonly planning: Planning;
  /** The user's IANA time zone. */
  readonly timezone: string;
  readonly signal: AbortSignal;
  /** Where a tool calls another: the tools above this call, outermost first. Empty for a call of the model. */
  readonly callers: readonly string[];
  /** Calls of other tools that may still be made on behalf of the outermost one; shared by all of them. */
  readonly invokesLeft: { count: number };
  /** Whose words, other than the user's, had a hand in the arguments. */
  readonly origins: readonly Origin[];
  /** The full result of an earlier call of this conversation, or undefined. */
  earlierResult(callId: string): EarlierResult | undefined;
  /** The results that `earlierResult` knows, latest first. */
  earlierResults?(): readonly EarlierCall[];
}

export interface EarlierCall {
  readonly callId: string;
  readonly tool: string;
  /** Of its result. */
  readonly characters: number;
}

/** Whether a plan has to be approved before anything is done: not in this turn; not yet; it was. */
export type Planning = 'off' | 'unapproved' | 'approved';

export interface EarlierResult {
  readonly content: string;
  readonly origins: readonly Origin[];
}

export interface ToolOutput {
  readonly ok: boolean;
  /** What the model reads: the result, or what was wrong and what to do instead. */
  readonly content: string;
  readonly writes?: readonly Statement[];
  /** Whose words, other than the user's, the content holds: they are nobody's wish. */
  readonly origins?: readonly Origin[];
  /** Lines for the audit log. They commit together with the outcome; who, for whom and why is added. */
  readonly audit?: readonly AuditRecord[];
}
