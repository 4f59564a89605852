import type { Origin } from '../../core/journal.ts';
import type { MemorySource } from '../../core/memory.ts';

export interface Noted {
  /** Absent where nobody says. */
  readonly source?: MemorySource | undefined;
  /** In the form of `storableOrigins`. */
  readonly origins: readonly Origin[];
  /** It puts a text in place of another. */
  readonly replaced?: true;
}

/** Who writes a document, as its row says it to whoever attributes lines: see `memory_attribute` in migration 0014. */
export function notedSource({ source, origins, replaced }: Noted): string {
  return JSON.stringify({
    by: source?.by,
    conversation: source?.conversationId,
    turn: source?.turnId,
    name: source?.name?.replaceAll('\0', '\ufffd').toWellFormed(),
    from: source?.derivedFrom,
    origins,
    replaced,
  });
}
