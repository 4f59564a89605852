import { setTimeout as wait } from 'node:timers/promises';
import type { Assistant, Input } from '../../../core/assistant.ts';
import type { JournalEntry } from '../../../core/journal.ts';
import type { Random } from '../random.ts';

/** What a talk needs of the assistant. */
export type TalkPartner = Pick<Assistant, 'accept' | 'entries' | 'watch'>;

export interface TalkOptions {
  readonly partner: TalkPartner;
  readonly id: string;
  readonly random: Random;
  /** Aborted when it has waited long enough for what is missing. */
  readonly patience: AbortSignal;
}

/** A message that was accepted. */
export interface SentMessage {
  readonly text: string;
  readonly inboxId: string;
}

type Entry<T extends JournalEntry['type']> = Extract<JournalEntry, { type: T }>;

/** What is asked for again after so long, where nobody has told of it. */
const LOOK_EVERY_MS = 200;
const PAGE = 500;
/** What was not accepted is offered again after so long. */
const RETRY_MS = 50;
/** One message in so many is sent again, as a channel does that has lost the answer. */
const REPEATED = 4;

/**
 * One user who always has something to ask for. What cannot be accepted is offered again under the same id; what the
 * assistant asks is answered, sometimes yes and sometimes no.
 */
export class Talk {
  readonly id: string;
  readonly sent: SentMessage[] = [];
  /** What did not go as promised, a sentence each. */
  readonly problems: string[] = [];
  readonly entries: JournalEntry[] = [];
  readonly #options: TalkOptions;
  readonly #answers: Promise<unknown>[] = [];
  /** Something was told of since the journal was read last. */
  #news = false;
  #wake = (): void => {};

  constructor(options: TalkOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** Asks one thing after the other while there is more to ask. Resolves once the last is answered, or hopeless. */
  async goOn(more: () => boolean): Promise<void> {
    const { partner, patience } = this.#options;
    const notice = (): void => {
      this.#news = true;
      this.#wake();
    };
    const stop = partner.watch(this.id, (event) => {
      if (event.type === 'entry' && WAITED_FOR.has(event.entry.type)) notice();
    });
    patience.addEventListener('abort', notice);
    while (more() && !patience.aborted) await this.#ask(`task ${this.id}.${this.sent.length}`);
    await Promise.all(this.#answers);
    patience.removeEventListener('abort', notice);
    stop();
  }

  async #ask(text: string): Promise<void> {
    const inboxId = await this.#offer(text, { type: 'message', text, mode: 'queue' });
    if (inboxId === undefined) return;
    this.sent.push({ text, inboxId });
    if (this.#options.random.below(REPEATED) === 0) await this.#repeat(text, inboxId);
    while (!this.#isAnswered(inboxId) && !this.#options.patience.aborted) {
      await this.#pause();
      await this.read();
    }
  }

  async #repeat(text: string, inboxId: string): Promise<void> {
    const again = await this.#offer(text, { type: 'message', text, mode: 'queue' });
    if (again !== undefined && again !== inboxId) {
      this.problems.push(`"${text}" was sent again and taken for another message.`);
    }
  }

  /** Offers an input until it is accepted: a sender that was told nothing has to. */
  async #offer(externalId: string, input: Input): Promise<string | undefined> {
    const { partner, patience } = this.#options;
    const inbound = { channel: 'web', externalId: `chaos/${externalId}`, conversationId: this.id, input };
    while (!patience.aborted) {
      const accepted = await partner.accept(inbound).catch(() => undefined);
      if (accepted) return accepted.inboxId;
      await wait(RETRY_MS);
    }
    return undefined;
  }

  /** Reads what is new in the journal. What cannot be read now is read later. */
  async read(): Promise<void> {
    this.#news = false;
    const page = { after: this.entries.at(-1)?.seq ?? 0, limit: PAGE };
    const found = await this.#options.partner.entries(this.id, page).catch(() => []);
    for (const entry of found) {
      this.entries.push(entry);
      if (entry.type === 'approval.requested') this.#answers.push(this.#answer(entry));
    }
    if (found.length === PAGE) await this.read();
  }

  async #answer({ approvalId }: Entry<'approval.requested'>): Promise<void> {
    const yes = this.#options.random.below(2) === 0;
    await this.#offer(approvalId, {
      type: 'approval',
      approvalId,
      decision: yes ? 'once' : 'deny',
      reason: yes ? null : 'Once is enough.',
    });
  }

  #isAnswered(inboxId: string): boolean {
    const began = this.entries.findLast((entry) => beganWith(entry, inboxId));
    return began !== undefined && this.entries.some((entry) => repliesTo(entry, began));
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#news) return resolve();
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const WAITED_FOR: ReadonlySet<string> = new Set<JournalEntry['type']>(['turn.replied', 'approval.requested']);

export function beganWith(entry: JournalEntry, inboxId: string): entry is Entry<'turn.began'> {
  return entry.type === 'turn.began' && entry.messages.some((message) => message.inboxId === inboxId);
}

export function repliesTo(
  entry: JournalEntry,
  { turnId }: Entry<'turn.began'>,
): entry is Entry<'turn.replied'> {
  return entry.type === 'turn.replied' && entry.turnId === turnId;
}
