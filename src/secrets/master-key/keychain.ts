import { randomBytes } from 'node:crypto';
import type { KeyPlace, KeySlot } from './key-place.ts';

/** The keychain of the operating system. Each function may reject. */
export interface Keychain {
  get(account: string): Promise<string | undefined>;
  set(account: string, text: string): Promise<void>;
  delete(account: string): Promise<void>;
}

const PROBE = 'probe';

/**
 * The keychain as a place for the keys of a home folder, where it can be used. Whether it can is tried out: on a Linux
 * without a session bus some bindings answer a question with "nothing" but cannot store anything, and a key would be
 * lost.
 */
export async function keychainPlace(keychain: Keychain, home: string): Promise<KeyPlace | undefined> {
  return (await works(keychain)) ? placeIn(keychain, home) : undefined;
}

async function works(keychain: Keychain): Promise<boolean> {
  const text = randomBytes(16).toString('hex');
  try {
    await keychain.set(PROBE, text);
    const kept = await keychain.get(PROBE);
    await keychain.delete(PROBE);
    return kept === text && (await keychain.get(PROBE)) === undefined;
  } catch {
    return false;
  }
}

function placeIn(keychain: Keychain, home: string): KeyPlace {
  const accountOf = (slot: KeySlot): string => `master-key ${slot} ${home}`;
  return {
    source: 'keychain',
    where: 'the keychain of the operating system',
    read: (slot) => keychain.get(accountOf(slot)),
    write: (slot, text) => keychain.set(accountOf(slot), text),
    async promote() {
      const next = await keychain.get(accountOf('next'));
      if (next === undefined) return;
      await keychain.set(accountOf('current'), next);
      await keychain.delete(accountOf('next'));
    },
    remove: () => keychain.delete(accountOf('current')),
  };
}
