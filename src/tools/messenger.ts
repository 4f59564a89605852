import type { Origin } from '../core/journal.ts';
import type { Result } from '../core/result.ts';

/** The way to the user's other conversations. Of this user alone: there is no way to anybody else. */
export interface Messenger {
  /** Finds the place that is meant. An error says what was wrong and which places there are. */
  locate(meant: MeantPlace): Promise<Result<Place, string>>;
  /** Tells the user something there, after whatever is said there now. The same external id again tells nothing. */
  deliver(message: PlacedMessage): Promise<void>;
}

/** At least one of the two. With a channel alone it is the conversation there that was active last. */
export interface MeantPlace {
  /** An id, its beginning, or words of a title. */
  readonly conversation?: string;
  readonly channel?: string;
}

export interface Place {
  readonly conversationId: string;
  readonly channel: string;
  readonly title: string | null;
}

export interface PlacedMessage {
  readonly externalId: string;
  readonly conversationId: string;
  readonly channel: string;
  readonly text: string;
  /** Who says so, in words. */
  readonly from: string;
  readonly origins: readonly Origin[];
}
