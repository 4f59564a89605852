import { type Loaded, type OfferedInput, type SessionDesk, sessionMachine } from '../machines/session.ts';
import type { TurnEvent } from '../machines/turn.ts';
import type { DeliveryMode, Input } from '../src/core/assistant.ts';
import type { JournalRecord, Origin, Route } from '../src/core/journal.ts';
import { parseApprovalReply } from '../src/policy/index.ts';
import { StaleInputError } from '../src/runtime/durable/index.ts';
import {
  type ConversationTraits,
  createActorStore,
  type OpenedJournal,
  openInputs,
  readTraits,
  type Step,
} from '../src/storage/journal/index.ts';
import { conversationOf } from './conversation-key.ts';
import type { Environment } from './environment.ts';
import { tellHooks } from './hooks.ts';
import { routeOf } from './routing.ts';
import { staleAnswer } from './stale-answer.ts';
import { readTranscript, type Transcript } from './transcript.ts';
import { type TurnBegin, TurnOrder, turn } from './turn.ts';
import { agentOf } from './turn-so-far.ts';
import { TURN_VERSION } from './turn-versions.ts';
import { chosenMode } from './while-busy.ts';

/** The session's statechart with real turns. Its input is a `Desk`. */
export const session = sessionMachine.provide({ actors: { turn } });

const OPEN_INPUTS = 100;

/**
 * What the session of one conversation does to the world. A session has no durable state of its own beside the inbox:
 * what is stored under its key is the turn's, and it writes there only what needs no turn: notices, and refusals.
 */
export class Desk implements SessionDesk {
  readonly #env: Environment;
  readonly #key: string;
  #awake: Awake | undefined;
  /** The running turn is a command. */
  #commanding = false;

  /** @param key the durable actor's key, see `sessionKey` */
  constructor(env: Environment, key: string) {
    this.#env = env;
    this.#key = key;
  }

  async load(): Promise<Loaded> {
    const { database, clock, epoch } = this.#env;
    const opened = await createActorStore(database, clock, epoch).open(this.#key, TURN_VERSION);
    // Read after older lives have been fenced off, so that none of them can still add to it.
    const [transcript, inputs, traits] = await Promise.all([
      readTranscript(database, this.#key),
      openInputs(database, this.#key, OPEN_INPUTS),
      readTraits(database, conversationOf(this.#key)),
    ]);
    if (!this.#awake) tellHooks(this.#env, 'session-start', conversationOf(this.#key));
    this.#awake = { opened, transcript, traits };
    return { unfinished: opened.snapshot !== null, inputs, more: inputs.length === OPEN_INPUTS };
  }

  refuse({ inboxId, input }: OfferedInput): Promise<void> {
    const reason =
      input.type === 'approval'
        ? staleAnswer(this.#opened().transcript.entries, input.approvalId)
        : 'Nothing is running that this could be meant for.';
    return this.#settle(inboxId, () => ({ records: [{ type: 'input.refused', inboxId, reason }] }));
  }

  /** The reply in the outbox is what a channel without a journal of its own delivers. */
  tell({ inboxId, channel, input }: OfferedInput): Promise<void> {
    if (input.type !== 'notice') throw new TypeError(`${input.type} is not a notice`);
    const { text, from, origins } = input;
    const conversationId = conversationOf(this.#key);
    const to = this.#opened().traits?.channel ?? channel;
    const told = { text, from, ...(origins && { origins }) };
    return this.#settle(inboxId, (firstSeq) => {
      const id = `${this.#key}:${firstSeq}:0`;
      return {
        records: [{ type: 'notice.posted', noticeId: inboxId, outboxId: id, ...told }],
        replies: [{ id, channel: to, payload: { conversationId, noticeId: inboxId, ...told } }],
      };
    });
  }

  /** Deals with an input outside of any turn, in one commit. One that was dealt with before is let be. */
  async #settle(inboxId: string, plan: (firstSeq: number) => Settlement): Promise<void> {
    const { opened, transcript } = this.#opened();
    try {
      const { step, entries } = await opened.journal.commit((firstSeq) => {
        return { ...plan(firstSeq), snapshot: null, taken: [inboxId] };
      });
      transcript.append(entries);
      for (const entry of entries)
        this.#env.feed.publish(conversationOf(this.#key), { type: 'entry', entry });
      for (const { channel, id } of step.replies ?? []) this.#env.hints.replyPrepared(channel, id);
    } catch (error) {
      if (!(error instanceof StaleInputError)) throw error;
    }
  }

  meaning({ inboxId, input }: OfferedInput): { readonly event?: TurnEvent; readonly wait: boolean } {
    if (input.type === 'interrupt') return { event: interrupt(inboxId), wait: false };
    if (input.type === 'approval') {
      const { approvalId, decision, reason } = input;
      return { event: { type: 'approval.decided', inboxId, approvalId, decision, reason }, wait: false };
    }
    if (input.type === 'notice') return { wait: true };
    const { origin } = input;
    // Who is not the user is heard, and no more than that: they answer no question and stop nothing.
    if (input.agent || (origin !== undefined && !this.#isForWork(input))) return { wait: true };
    if (origin !== undefined) return steering(inboxId, { text: input.text, origin });
    const answer = this.#asApprovalReply(inboxId, input.text);
    if (answer) return { event: answer, wait: false };
    if (INTERRUPT_COMMANDS.has(input.text.trim())) return { event: interrupt(inboxId), wait: false };
    const mode = this.#mode(input);
    if (mode === 'interrupt') return { event: interrupt(null), wait: true };
    if (mode === 'queue') return { wait: true };
    return steering(inboxId, { text: input.text });
  }

  /** Whoever ordered work may say more while it is done, and is no stranger to it. */
  #isForWork({ mode }: MessageInput): boolean {
    const { entries } = this.#opened().transcript;
    return mode === 'steer' && agentOf(entries)?.purpose !== undefined;
  }

  /** What a message of the user does to the running turn. Only talk can be steered: a command has nobody who reads. */
  #mode({ text, mode }: MessageInput): DeliveryMode {
    const { transcript, traits } = this.#opened();
    const { whileBusy } = this.#env.settings;
    const wanted = mode ?? chosenMode(transcript.entries) ?? traits?.whileBusy ?? whileBusy;
    const canBeSteered = routeOf(text, undefined).route !== 'command' && !this.#commanding;
    return wanted === 'steer' && !canBeSteered ? 'queue' : wanted;
  }

  turn(beginWith: OfferedInput | null): TurnOrder {
    const { opened, transcript } = this.#opened();
    const begin = this.#begin(beginWith);
    const began = begin?.event ?? transcript.entries.findLast((entry) => entry.type === 'turn.began');
    this.#commanding = began?.route === 'command';
    return new TurnOrder(this.#env, opened, transcript, begin);
  }

  rested(): void {
    tellHooks(this.#env, 'session-end', conversationOf(this.#key));
  }

  failed(error: unknown): void {
    this.#env.log.error({ key: this.#key, err: error }, 'session stalled');
  }

  #begin(beginWith: OfferedInput | null): TurnBegin | undefined {
    if (beginWith?.input.type !== 'message') return undefined;
    const { inboxId, channel, input } = beginWith;
    const { text, origin, unattended, agent, aside } = input;
    // What a model orders is never a command.
    const task = origin === undefined && !agent ? plannedTask(text) : undefined;
    const planning = input.planning ?? (task !== undefined || undefined);
    const said = task ?? text;
    const event = {
      type: 'turn.began',
      messages: [{ inboxId, text: said, ...(origin !== undefined && { origin }) }],
      ...(planning || agent ? { route: 'task' as const } : this.#routeOf(said, origin)),
      ...(unattended && { unattended }),
      ...(planning && { planning }),
      ...(agent && { agent }),
      ...(aside && { aside }),
    } as const;
    return { turnId: this.#env.ids.next(), channel, event };
  }

  /** The turn before gives a short message its meaning. */
  #routeOf(text: string, origin: Origin | undefined): { readonly route: Route; readonly unsure?: true } {
    const talk = this.#opened().transcript.entries.filter((entry) => entry.type === 'turn.began');
    const previous = talk.findLast((entry) => entry.route !== 'command')?.route;
    const { models } = this.#env;
    const { route, unsure } = routeOf(text, origin, { models, ...(previous && { previous }) });
    return { route, ...(unsure && { unsure }) };
  }

  /** While a turn waits for an approval, "yes" and its like are the answer to it. */
  #asApprovalReply(inboxId: string, text: string): TurnEvent | undefined {
    const approvalId = this.#pendingApproval();
    const answer = approvalId === undefined ? undefined : parseApprovalReply(text);
    if (approvalId === undefined || !answer) return undefined;
    return {
      type: 'approval.decided',
      inboxId,
      approvalId,
      decision: answer.decision,
      reason: answer.reason,
    };
  }

  #pendingApproval(): string | undefined {
    const last = this.#opened().transcript.entries.findLast(
      ({ type }) => type === 'approval.requested' || type === 'approval.decided' || type === 'turn.replied',
    );
    return last?.type === 'approval.requested' ? last.approvalId : undefined;
  }

  #opened(): Awake {
    if (!this.#awake) throw new Error(`${this.#key} was used before it was loaded`);
    return this.#awake;
  }
}

/** What is known of the conversation while its session is awake. */
interface Awake {
  readonly opened: OpenedJournal;
  readonly transcript: Transcript;
  readonly traits: ConversationTraits | undefined;
}

/** What a commit outside of any turn writes. */
interface Settlement {
  readonly records: readonly JournalRecord[];
  readonly replies?: NonNullable<Step['replies']>;
}

type MessageInput = Extract<Input, { type: 'message' }>;

const steering = (inboxId: string, said: { readonly text: string; readonly origin?: Origin }) => ({
  event: { type: 'turn.steered' as const, messages: [{ inboxId, ...said }] },
  wait: false,
});

const INTERRUPT_COMMANDS: ReadonlySet<string> = new Set(['/interrupt', '/stop']);

/** Stops the turn; `inboxId` is the input that asked for it and is dealt with thereby, if it is one. */
function interrupt(inboxId: string | null): TurnEvent {
  return { type: 'turn.interrupted', inboxId, partialText: '' };
}

/** The task of `/plan TASK`. */
function plannedTask(text: string): string | undefined {
  return /^\/plan\s+(\S[\s\S]*)$/i.exec(text)?.[1];
}
