import type { TurnEvent } from '../machines/turn.ts';
import type { JournalRecord } from '../src/core/journal.ts';
import type { Outcome } from '../src/runtime/durable/index.ts';
import type { Statement } from '../src/storage/index.ts';

/** An event of the turn with what belongs into the same commit: rows a tool writes, a change of the history. */
export type TurnFact = Outcome<TurnEvent, JournalRecord, Statement>;
