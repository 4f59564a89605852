import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import type { Call } from '../machines/tool-calls.ts';
import { accepts, type TurnContext, type TurnEvent, turnMachine } from '../machines/turn.ts';
import type { JournalEntry, ToolCall } from '../src/core/journal.ts';
import { findCall, findResult, renderSystemPrompt, renderTranscript } from '../src/llm/index.ts';
import {
  type Continuation,
  type DurableProcess,
  durable,
  type Effect,
} from '../src/runtime/durable/durable.ts';
import type { ActorJournal, IntendedEffect } from '../src/storage/journal/index.ts';
import { command } from './command.ts';
import { conversationOf } from './conversation-key.ts';
import type { Environment } from './environment.ts';
import { type ModelCallInput, modelCall } from './model-call.ts';
import { policyCheck } from './policy-check.ts';
import { toolCall } from './tool-call.ts';
import type { Transcript } from './transcript.ts';
import type { TurnFact } from './turn-fact.ts';
import {
  type EffectRequest,
  effectClass,
  planStep,
  storedRequest,
  type TurnFacts,
  type TurnRequest,
  type TurnStep,
} from './turn-plan.ts';

/** What a turn is given. A class, because the session's statechart hands it on without knowing what it is. */
export class TurnOrder {
  readonly env: Environment;
  readonly journal: ActorJournal;
  readonly transcript: Transcript;
  readonly start: TurnStart;

  constructor(env: Environment, journal: ActorJournal, transcript: Transcript, start: TurnStart) {
    this.env = env;
    this.journal = journal;
    this.transcript = transcript;
    this.start = start;
  }
}

/** A turn is begun by a message, or goes on from where its last life came to. */
export type TurnStart =
  | {
      readonly type: 'begin';
      readonly turnId: string;
      readonly channel: string;
      readonly event: Extract<TurnEvent, { type: 'turn.began' }>;
    }
  | {
      readonly type: 'resume';
      readonly snapshot: object;
      readonly openEffects: readonly IntendedEffect[];
      /** Lives since the last step. */
      readonly attempts: number;
    };

/** The turn's statechart bound to the journal and to the world; see `durable`. */
export const turn = durable<object, TurnEvent, TurnFact>((order) => {
  if (!(order instanceof TurnOrder)) throw new TypeError('a turn needs a TurnOrder');
  return new Turn(order);
});

/** Lives of a turn without progress before it is given up: then the step itself must be what kills it. */
const MAX_ATTEMPTS = 4;

/** Times one effect is begun anew after its actor died. */
const MAX_REVIVALS = 3;

/** What the model is shown of the past, in characters; about 100,000 tokens. */
const MAX_TRANSCRIPT_CHARACTERS = 400_000;

type TurnSnapshot = SnapshotFrom<typeof turnMachine>;

class Turn implements DurableProcess<TurnEvent, TurnFact> {
  readonly #input: TurnOrder;
  readonly #env: Environment;
  readonly #conversationId: string;
  /** Effects without an outcome, with what was asked for. */
  readonly #open: Map<string, EffectRequest>;
  readonly #revivals = new Map<string, number>();
  #snapshot: TurnSnapshot;
  /** What the model has written so far in the call that runs. */
  #partialText = '';

  constructor(input: TurnOrder) {
    this.#input = input;
    this.#env = input.env;
    this.#conversationId = conversationOf(input.journal.key);
    this.#snapshot = initialSnapshot(input);
    this.#open = new Map(input.start.type === 'resume' ? input.start.openEffects.map(storedRequest) : []);
  }

  get state(): string {
    return String(this.#snapshot.value);
  }

  begin(): Continuation<TurnFact> {
    const { start } = this.#input;
    if (start.type === 'begin') return { facts: [{ event: start.event }] };
    // A turn that only waits for the user may be brought back as often as it likes.
    if (start.attempts > MAX_ATTEMPTS && this.#open.size > 0) {
      return { facts: [{ event: givenUp(start.attempts - 1) }] };
    }
    return merged([...this.#open].map(([effectId, request]) => this.#carryOn(effectId, request)));
  }

  factOf(event: TurnEvent): TurnFact {
    if (event.type === 'turn.interrupted') return { event: { ...event, partialText: this.#partialText } };
    return { event };
  }

  async step(fact: TurnFact): Promise<Continuation<TurnFact>> {
    const event = this.#clamped(fact.event);
    if (!accepts(this.#snapshot, event)) return this.#refuse(event);
    const [next, actions] = transition(turnMachine, this.#snapshot, event);
    const { step, entries } = await this.#input.journal.commit((firstSeq) => ({
      ...planStep({ ...fact, event }, actions.flatMap(toRequest), this.#facts(firstSeq, next)),
      snapshot: next.status === 'done' ? null : stored(next),
    }));
    this.#snapshot = next;
    this.#note(step, entries);
    return {
      effects: [...step.begun].map(([effectId, request]) => this.#effect(effectId, request)),
      dropped: step.finished,
      done: next.status === 'done',
    };
  }

  effectDied(effectId: string, error: unknown): Continuation<TurnFact> {
    const request = this.#open.get(effectId);
    if (!request) return {};
    const revivals = (this.#revivals.get(effectId) ?? 0) + 1;
    this.#env.log.error({ effectId, request: request.type, revivals, err: error }, 'effect died');
    this.#revivals.set(effectId, revivals);
    if (revivals > MAX_REVIVALS) throw error;
    return this.#carryOn(effectId, request);
  }

  /** An effect that was begun in an earlier life: again where that does no harm, else the user decides. */
  #carryOn(effectId: string, request: EffectRequest): Continuation<TurnFact> {
    if (request.type !== 'requestTool' || effectClass(request) !== 'unsafe') {
      return { effects: [this.#effect(effectId, request)] };
    }
    const { callId } = request.params;
    return {
      facts: [{ event: { type: 'tool.unknown', effectId, callId, approvalId: this.#env.ids.next() } }],
    };
  }

  #effect(effectId: string, request: EffectRequest): Effect {
    const { entries } = this.#input.transcript;
    const base = { env: this.#env, conversationId: this.#conversationId, effectId };
    switch (request.type) {
      case 'runCommand':
        return {
          effectId,
          actorId: 'command',
          logic: command,
          input: { ...base, ...request.params, entries },
        };
      case 'judgeCalls': {
        const calls = request.params.callIds.map((callId) => this.#call(callId));
        return { effectId, actorId: 'policy-check', logic: policyCheck, input: { ...base, calls } };
      }
      case 'requestTool': {
        const call = this.#call(request.params.callId);
        const earlierResult = (callId: string): string | undefined => findResult(entries, callId);
        return {
          effectId,
          actorId: `tool-call:${call.tool}`,
          logic: toolCall,
          input: { ...base, call, earlierResult },
        };
      }
      case 'requestModel':
        return {
          effectId,
          actorId: 'model-call',
          logic: modelCall,
          input: { ...base, ...this.#modelCall() },
        };
    }
  }

  #modelCall(): Pick<ModelCallInput, 'request' | 'onText'> {
    const { tools, settings, clock } = this.#env;
    this.#partialText = '';
    return {
      request: {
        system: renderSystemPrompt({ now: clock.now(), timezone: settings.timezone }),
        messages: renderTranscript(this.#input.transcript.entries, MAX_TRANSCRIPT_CHARACTERS),
        tools: tools.descriptions(),
      },
      onText: (text) => {
        this.#partialText += text;
      },
    };
  }

  #facts(firstSeq: number, next: TurnSnapshot): TurnFacts {
    const { turnId, channel, usage } = next.context;
    return {
      key: this.#input.journal.key,
      conversationId: this.#conversationId,
      turnId,
      channel,
      usage,
      firstSeq,
      at: new Date(this.#env.clock.now()).toISOString(),
      open: this.#open,
      policy: this.#env.policy,
      callOf: (callId) => this.#call(callId),
      askedCall: (approvalId) => this.#call(this.#asked(approvalId)?.callId ?? ''),
      newId: () => this.#env.ids.next(),
    };
  }

  #note(step: TurnStep, entries: readonly JournalEntry[]): void {
    for (const effectId of step.finished) this.#open.delete(effectId);
    for (const [effectId, request] of step.begun) this.#open.set(effectId, request);
    this.#input.transcript.append(entries);
    for (const entry of entries) this.#env.feed.publish(this.#conversationId, { type: 'entry', entry });
    for (const { channel, id } of step.replies ?? []) this.#env.hints.replyPrepared(channel, id);
  }

  /** An input that came too late, or for something else, is put on record; a late outcome simply has no place. */
  async #refuse(event: TurnEvent): Promise<Continuation<TurnFact>> {
    if (!('inboxId' in event) || event.inboxId === null) return {};
    const { inboxId } = event;
    const { entries } = await this.#input.journal.commit(() => ({
      records: [{ type: 'input.refused', inboxId, reason: 'The turn is not waiting for this any more.' }],
      snapshot: stored(this.#snapshot),
      taken: [inboxId],
    }));
    this.#note({ records: [], snapshot: null, begun: new Map(), finished: [] }, entries);
    return {};
  }

  /** "Always" for something that must be asked for each time counts as "once". */
  #clamped(event: TurnEvent): TurnEvent {
    if (event.type !== 'approval.decided' || event.decision !== 'always') return event;
    return this.#asked(event.approvalId)?.allowAlways === false ? { ...event, decision: 'once' } : event;
  }

  #asked(approvalId: string): Extract<Call, { state: 'asking' }> | undefined {
    return this.#snapshot.context.calls
      .filter((call) => call.state === 'asking')
      .find((call) => call.approvalId === approvalId);
  }

  #call(callId: string): ToolCall {
    const call = findCall(this.#input.transcript.entries, callId);
    if (!call) throw new Error(`no call ${callId} in the journal of ${this.#input.journal.key}`);
    return call;
  }
}

/** A turn's statechart at rest: flat, so that its state is one word. */
interface StoredTurn {
  readonly state: string;
  readonly context: TurnContext;
}

function stored({ value, context }: TurnSnapshot): StoredTurn {
  return { state: String(value), context };
}

function initialSnapshot({ env, start }: TurnOrder): TurnSnapshot {
  if (start.type === 'resume') {
    const { state, context } = start.snapshot as StoredTurn;
    return turnMachine.resolveState({ value: state, context });
  }
  const { turnId, channel } = start;
  return initialTransition(turnMachine, { turnId, channel, maxIterations: env.settings.maxIterations })[0];
}

function givenUp(lives: number): TurnEvent {
  return {
    type: 'turn.abandoned',
    reason: `I had to give this up: I crashed ${lives} times on the same step. The log has the details.`,
  };
}

const REQUESTS: ReadonlySet<string> = new Set<TurnRequest['type']>([
  'runCommand',
  'requestModel',
  'judgeCalls',
  'requestTool',
  'requestApproval',
  'refuseCall',
  'abandonCall',
  'reply',
]);

/** The machine's actions without those that are XState's own. */
function toRequest(action: { readonly type: string; readonly params?: unknown }): readonly TurnRequest[] {
  if (!REQUESTS.has(action.type)) return [];
  // The machine's setup types each request's params by `TurnRequests`.
  return [{ type: action.type, params: action.params } as TurnRequest];
}

function merged(parts: readonly Continuation<TurnFact>[]): Continuation<TurnFact> {
  return {
    facts: parts.flatMap(({ facts = [] }) => facts),
    effects: parts.flatMap(({ effects = [] }) => effects),
  };
}
