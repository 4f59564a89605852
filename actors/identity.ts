import { IDENTITY_CHARACTERS, IDENTITY_PATHS, renderIdentity } from '../src/llm/index.ts';
import { type DocumentHead, type Memory, recalledOrigins } from '../src/memory/index.ts';
import type { Environment } from './environment.ts';

interface Reading {
  readonly identity: Promise<string>;
  readonly at: number;
}

/**
 * A change is prepared before it commits: by a tool, which may take a minute, and a commit, which may wait ten seconds
 * for the database. A reading of this time cannot be relied on later.
 */
const UNSETTLED_MS = 120_000;
/** Another process on the same database may write to memory as well. */
const LONGEST_MS = 300_000;

const readings = new WeakMap<Memory, Reading>();

/**
 * The documents of memory that every request begins with. Read with one query, and only where memory may have changed
 * since the last time.
 */
export function readIdentity({ memory, clock }: Pick<Environment, 'memory' | 'clock'>): Promise<string> {
  const now = clock.now();
  const known = readings.get(memory);
  if (known && isFresh(known, memory.changedAt(), now)) return known.identity;
  const identity = memory
    .heads(IDENTITY_PATHS, IDENTITY_CHARACTERS)
    .then((heads) => renderIdentity(heads.map(recalled)));
  readings.set(memory, { identity, at: now });
  identity.catch(() => readings.delete(memory));
  return identity;
}

const recalled = (head: DocumentHead): DocumentHead => ({
  ...head,
  origins: recalledOrigins('document', head.path, head.origins),
});

function isFresh({ at }: Reading, changedAt: number, now: number): boolean {
  return at > changedAt + UNSETTLED_MS && now < at + LONGEST_MS;
}
