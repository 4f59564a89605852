import { type Loaded, type OfferedInput, type SessionDesk, sessionMachine } from '../machines/session.ts';
import type { TurnEvent } from '../machines/turn.ts';
import type { Origin, Route } from '../src/core/journal.ts';
import { parseApprovalReply } from '../src/policy/index.ts';
import { StaleInputError } from '../src/runtime/durable/index.ts';
import {
  createActorStore,
  type OpenedJournal,
  openInputs,
  readEntries,
} from '../src/storage/journal/index.ts';
import { conversationOf } from './conversation-key.ts';
import type { Environment } from './environment.ts';
import { staleAnswer } from './stale-answer.ts';
import { createTranscript, TRANSCRIPT_ENTRIES, type Transcript } from './transcript.ts';
import { type TurnBegin, TurnOrder, turn } from './turn.ts';
import { TURN_VERSION } from './turn-versions.ts';

/** The session's statechart with real turns. Its input is a `Desk`. */
export const session = sessionMachine.provide({ actors: { turn } });

const OPEN_INPUTS = 100;

/**
 * What the session of one conversation does to the world. A session has no durable state of its own beside the inbox:
 * what is stored under its key is the turn's, and it writes there only to refuse an input while no turn runs.
 */
export class Desk implements SessionDesk {
  readonly #env: Environment;
  readonly #key: string;
  #awake: { readonly opened: OpenedJournal; readonly transcript: Transcript } | undefined;

  /** @param key the durable actor's key, see `sessionKey` */
  constructor(env: Environment, key: string) {
    this.#env = env;
    this.#key = key;
  }

  async load(): Promise<Loaded> {
    const { database, clock, epoch } = this.#env;
    const opened = await createActorStore(database, clock, epoch).open(this.#key, TURN_VERSION);
    // Read after older lives have been fenced off, so that none of them can still add to it.
    const [recent, inputs] = await Promise.all([
      readEntries(database, this.#key, { limit: TRANSCRIPT_ENTRIES }),
      openInputs(database, this.#key, OPEN_INPUTS),
    ]);
    this.#awake = { opened, transcript: createTranscript(recent) };
    return { unfinished: opened.snapshot !== null, inputs, more: inputs.length === OPEN_INPUTS };
  }

  async refuse(offered: OfferedInput): Promise<void> {
    try {
      await this.#refuse(offered);
    } catch (error) {
      // It was dealt with before, so there is nothing to refuse.
      if (!(error instanceof StaleInputError)) throw error;
    }
  }

  async #refuse({ inboxId, input }: OfferedInput): Promise<void> {
    const { opened, transcript } = this.#opened();
    const reason =
      input.type === 'approval'
        ? staleAnswer(transcript.entries, input.approvalId)
        : 'Nothing is running that this could be meant for.';
    const { entries } = await opened.journal.commit(() => ({
      records: [{ type: 'input.refused', inboxId, reason }],
      snapshot: null,
      taken: [inboxId],
    }));
    transcript.append(entries);
    for (const entry of entries) this.#env.feed.publish(conversationOf(this.#key), { type: 'entry', entry });
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
    if (origin !== undefined) return { wait: true };
    const answer = this.#asApprovalReply(inboxId, input.text);
    if (answer) return { event: answer, wait: false };
    if (INTERRUPT_COMMANDS.has(input.text.trim())) return { event: interrupt(inboxId), wait: false };
    if (input.mode === 'interrupt') return { event: interrupt(null), wait: true };
    if (input.mode === 'queue') return { wait: true };
    return { event: { type: 'turn.steered', messages: [{ inboxId, text: input.text }] }, wait: false };
  }

  turn(beginWith: OfferedInput | null): TurnOrder {
    const { opened, transcript } = this.#opened();
    return new TurnOrder(this.#env, opened, transcript, this.#begin(beginWith));
  }

  failed(error: unknown): void {
    this.#env.log.error({ key: this.#key, err: error }, 'session stalled');
  }

  #begin(beginWith: OfferedInput | null): TurnBegin | undefined {
    if (beginWith?.input.type !== 'message') return undefined;
    const { inboxId, channel, input } = beginWith;
    const { text, origin, unattended } = input;
    const event = {
      type: 'turn.began',
      messages: [{ inboxId, text, ...(origin !== undefined && { origin }) }],
      route: routeOf(text, origin),
      ...(unattended && { unattended }),
    } as const;
    return { turnId: this.#env.ids.next(), channel, event };
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

  #opened(): { readonly opened: OpenedJournal; readonly transcript: Transcript } {
    if (!this.#awake) throw new Error(`${this.#key} was used before it was loaded`);
    return this.#awake;
  }
}

const INTERRUPT_COMMANDS: ReadonlySet<string> = new Set(['/interrupt', '/stop']);

/** Stops the turn; `inboxId` is the input that asked for it and is dealt with thereby, if it is one. */
function interrupt(inboxId: string | null): TurnEvent {
  return { type: 'turn.interrupted', inboxId, partialText: '' };
}

/** By rule: a slash of the user begins a command; a line that ends in a question mark is a question; the rest are tasks. */
function routeOf(text: string, origin: Origin | undefined): Route {
  if (origin === undefined && /^\/[a-z]/i.test(text)) return 'command';
  return text.trimEnd().endsWith('?') ? 'query' : 'task';
}
