/** Shards that actors are spread over; a shard is what a node leases. */
const SHARDS = 256;

/**
 * The shard of an actor key: FNV-1a (32 bit, http://www.isthe.com/chongo/tech/comp/fnv/) modulo 256. Stored in
 * rows and agreed on between nodes, so it must never change.
 */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % SHARDS;
}

/** What an actor is: keys have the form `kind/id`. */
export const kindOf = (key: string): string => key.split('/', 1)[0] ?? '';
