import type { Finish, Origin } from './journal.ts';
import type { Json, JsonObject } from './json.ts';
import type { Result } from './result.ts';
import type { TreeNode } from './tree.ts';

/** A statechart as data: everything that is needed to draw it, nothing that runs. */
export interface Chart {
  /** The machine's own id, for example `turn`. */
  readonly id: string;
  /** Of all the rest: equal charts have equal hashes, so that a layout can be kept by it. */
  readonly hash: string;
  readonly description?: string;
  /** In document order; the first is the root, which has no parent. */
  readonly states: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
}

export type ChartStateType = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';

export interface ChartState {
  /** Unique in the chart, for example `circuit-breaker.halfOpen.trying`. */
  readonly id: string;
  readonly key: string;
  readonly path: readonly string[];
  readonly type: ChartStateType;
  readonly parent: string | null;
  /** Of a compound state: the id of the child it begins in. */
  readonly initial: string | null;
  readonly description?: string;
  /** Actors that run while it is active. */
  readonly invokes: readonly string[];
  /** Names of actions. Those without a name of their own are left out. */
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly tags: readonly string[];
}

/** `done` and `error`: an invoked actor, or the states inside, came to their end. */
export type TransitionKind = 'event' | 'after' | 'always' | 'done' | 'error';

export interface ChartTransition {
  /** `<source>:<event>:<place among those of this event>`, for example `turn.judging:calls.judged:0`. */
  readonly id: string;
  readonly source: string;
  /** Empty: nothing is left or entered. */
  readonly targets: readonly string[];
  /** As XState calls it, for example `xstate.after.cooldown.circuit-breaker.open`; empty for `always`. */
  readonly event: string;
  /** The same for people: `after cooldown`, `look done`, `look failed`; empty for `always`. */
  readonly label: string;
  readonly kind: TransitionKind;
  /** `isLastStraw`, `not hasRunningCalls`; null: always taken. */
  readonly guard: string | null;
  readonly actions: readonly string[];
  readonly description?: string;
}

/** Something that an actor did, while somebody watched. */
export interface SeenTransition {
  /** Grows by one with everything that is recorded, whatever its kind. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Path of the actor in the tree. */
  readonly actor: string;
  readonly incarnation: number;
  readonly event: string;
  /** `acting`, `halfOpen.waiting`. */
  readonly from: string;
  readonly to: string;
  /** Ids of the chart's transitions that were taken, in order; empty where the actor has no statechart. */
  readonly taken: readonly string[];
  /** Milliseconds from the event's turn to the new state. */
  readonly durationMs: number;
  /** Only of an actor that is watched by name: where it stands now. */
  readonly standing?: Standing;
}

/** Where an actor with a statechart stands. */
export interface Standing {
  /** Ids of the active states, the root included. */
  readonly active: readonly string[];
  /** Redacted and cut short; values that others' words had a hand in are marked, see `SeenValue`. */
  readonly context: JsonObject;
  readonly timers: readonly SeenTimer[];
  /** What could happen next. */
  readonly next: readonly NextTransition[];
}

export interface SeenTimer {
  readonly id: string;
  /** As `ChartTransition.label` has it, for example `after cooldown`. */
  readonly label: string;
  readonly event: string;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** When it was set, milliseconds since 1970, where that is known. */
  readonly setAt?: number;
}

export interface NextTransition {
  readonly transition: string;
  readonly event: string;
  readonly label: string;
  readonly guard: string | null;
  readonly targets: readonly string[];
}

export interface SeenMessage {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Paths; null: from outside of the tree. */
  readonly from: string | null;
  readonly to: string;
  readonly event: string;
  /** What it carries, redacted and cut short. */
  readonly preview: string;
  /** Whose words, other than the user's, it holds. */
  readonly origins?: readonly Origin[];
}

/** A message that nobody took, or a step that crashed its actor again and again. */
export interface SeenDeadLetter {
  /** `m12`: a message, known until the process ends; `p3`: a parked step, kept in the database. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly receiver: string;
  readonly event: string;
  /** `receiver-stopped`, `mailbox-full` …; of a parked step the first line of the error. */
  readonly reason: string;
  readonly preview: string;
  /** Why it cannot be sent again; null where it can. */
  readonly notReplayable: string | null;
}

export interface LoopDelay {
  /** Milliseconds by which the event loop was late, since the last pulse. */
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** One actor, closely. */
export interface ActorView {
  readonly node: Omit<TreeNode, 'children'>;
  /** Hash of its chart; null where it has none (supervisors, promises, callbacks). */
  readonly chart: string | null;
  readonly standing: Standing | null;
  /** What waits in its mailbox, oldest first, twenty at most. */
  readonly waiting: readonly { readonly event: string; readonly preview: string }[];
  /** What was seen of it, oldest first; empty where nobody watched. */
  readonly recent: readonly SeenTransition[];
}

/** What a watcher wants to be told. */
export interface Watch {
  /** The tree whenever it changed. */
  readonly tree: boolean;
  /** Every transition of every actor. */
  readonly transitions: boolean;
  /** Every message between actors. */
  readonly messages: boolean;
  /** Paths of actors whose standing is told with each of their transitions. */
  readonly actors: readonly string[];
}

/** What a watcher is told, every 80 ms where there is anything. */
export interface InspectBatch {
  readonly tree?: TreeNode;
  readonly transitions: readonly SeenTransition[];
  readonly messages: readonly SeenMessage[];
  readonly deadLetters: readonly SeenDeadLetter[];
  /** Once a second. */
  readonly pulse?: Pulse;
  /** Records that were left out since the last batch, because there were too many. */
  readonly dropped: number;
}

export interface Pulse {
  /** Milliseconds since 1970: the server's clock, which all `dueAt` refer to. */
  readonly now: number;
  readonly loop: LoopDelay;
  /** The slowest transitions that were seen, the slowest first; ten at most. */
  readonly slowest: readonly SeenTransition[];
}

export interface TurnSummary {
  readonly turnId: string;
  /** ISO 8601. */
  readonly beganAt: string;
  /** Null while it runs. */
  readonly endedAt: string | null;
  readonly finish: Finish | null;
  /** The first words of the message, redacted. */
  readonly about: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** A turn, step by step, as its statechart would go through the journal again. Nothing is carried out. */
export interface TurnReplay {
  readonly conversationId: string;
  readonly turnId: string;
  readonly chart: Chart;
  readonly steps: readonly ReplayStep[];
  /**
   * Null where statechart and journal agree to the end; else the number of the entry that the statechart of today would
   * not have written, and why. Steps end before it.
   */
  readonly diverged: { readonly seq: number; readonly why: string } | null;
}

export interface ReplayStep {
  /** From 0. */
  readonly step: number;
  /** ISO 8601; of the entry it follows from, or the next one. */
  readonly at: string;
  /** Entries of the journal that belong to it, from first to last; null where it wrote none. */
  readonly entries: readonly [first: number, last: number] | null;
  /** Null for the beginning. */
  readonly event: { readonly type: string; readonly preview: string } | null;
  readonly from: string | null;
  readonly to: string;
  /** Ids of active states, after it. */
  readonly active: readonly string[];
  readonly taken: readonly string[];
  /** What the machine asked for, for example `requestModel`. */
  readonly requests: readonly string[];
  readonly context: JsonObject;
  /** What changed in the context. */
  readonly changes: readonly ContextChange[];
}

export interface ContextChange {
  /** `calls.0.state`. */
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Who said what to whom during a turn, from the journal. */
export interface TurnSequence {
  readonly conversationId: string;
  readonly turnId: string;
  /** In the order in which they stand side by side. */
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
}

export interface Lane {
  /** `user`, `session`, `turn`, `policy`, `model`, `tool:read_file`, `memory`, `outbox`. */
  readonly id: string;
  readonly label: string;
  readonly kind: 'person' | 'actor' | 'effect' | 'store';
}

export interface Arrow {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly preview: string;
  /** Of an answer: the place in `arrows` of what it answers. A bar is drawn from there to here on the lane `from`. */
  readonly answers?: number;
  readonly durationMs?: number;
  readonly outcome?: 'ok' | 'failed' | 'refused' | 'unknown';
  readonly origins?: readonly Origin[];
}

export type InspectRefusal =
  | { readonly kind: 'not-found'; readonly message: string }
  /** It could be found, and may not or cannot be done; says why. */
  | { readonly kind: 'refused'; readonly message: string };

/** Looking inside of the running assistant. Nothing is recorded while nobody watches. */
export interface Inspector {
  actor(path: string): Promise<Result<ActorView, InspectRefusal>>;
  /** One of `charts`, or of an actor that was looked at since the start. */
  chart(hash: string): Promise<Chart | undefined>;
  /** The statecharts that the assistant is made of, running or not. */
  charts(): Promise<readonly Chart[]>;
  /**
   * Tells until the returned function is called: at once, then every 80 ms where there is anything. A listener that
   * throws is not called again.
   */
  watch(watch: Watch, listener: (batch: InspectBatch) => void): () => void;
  /** The latest turns of a conversation, newest first. */
  turns(conversationId: string, limit: number): Promise<readonly TurnSummary[]>;
  replay(conversationId: string, turnId: string): Promise<Result<TurnReplay, InspectRefusal>>;
  sequence(conversationId: string, turnId: string): Promise<Result<TurnSequence, InspectRefusal>>;
  /** The events of a turn as a test file for vitest. */
  asTest(conversationId: string, turnId: string): Promise<Result<string, InspectRefusal>>;
  /** The latest first. */
  deadLetters(): Promise<readonly SeenDeadLetter[]>;
  /** Sends it to its receiver again, and puts that in the audit log. */
  replayDeadLetter(id: string): Promise<Result<undefined, InspectRefusal>>;
  /** Ends an actor as if it had crashed, so that its supervisor starts it anew; in the audit log. */
  restart(path: string): Promise<Result<undefined, InspectRefusal>>;
}
