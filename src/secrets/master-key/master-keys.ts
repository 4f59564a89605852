import { randomBytes } from 'node:crypto';
import { IronbarkError } from '../../core/errors.ts';
import type { Environment } from '../environment-secrets.ts';
import { givenKeys } from './given-keys.ts';
import { keyFilePlace } from './key-file.ts';
import type { KeyPlace, KeySlot } from './key-place.ts';
import { type Keychain, keychainPlace } from './keychain.ts';
import { keyText, type MasterKey, masterKey, parseKey } from './master-key.ts';

/** Where master keys come from and, if they are Ironbark's own, where they are put. */
export interface MasterKeys {
  /**
   * Those at hand; the first that is not `former` is the one to use. Rejects with a `config` error where one that was
   * given is none.
   */
  held(): Promise<readonly MasterKey[]>;
  /** Makes a key and puts it where the first such place is. */
  make(slot: KeySlot): Promise<MasterKey>;
  /** After a rotation: the next key takes its place, and those that nothing needs any more are removed. */
  settle(currentId: string, isRetired: (id: string) => boolean): Promise<void>;
  /** What could be safer about a key's place. */
  warningOf(key: MasterKey): string | null;
}

export interface MasterKeysOptions {
  readonly env: Environment;
  /** The home folder. */
  readonly home: string;
  readonly keychain?: Keychain | undefined;
  /** Gives so many random bytes. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** The order is: what was given (variable, file, systemd), the keychain if it works, a file of the home folder. */
export function createMasterKeys({
  env,
  home,
  keychain,
  random = randomBytes,
}: MasterKeysOptions): MasterKeys {
  const file = keyFilePlace(home);
  let found: Promise<readonly KeyPlace[]> | undefined;
  const places = (): Promise<readonly KeyPlace[]> => {
    found ??= findPlaces(file, keychain, home);
    return found;
  };
  return {
    async held() {
      const given = await givenKeys(env);
      const own = await Promise.all((await places()).map(keysIn));
      return [...given, ...own.flat()].sort((a, b) => Number(a.former) - Number(b.former));
    },
    async make(slot) {
      const [place = file] = await places();
      // A rotation that was cut off right after it had made its key goes on with that one.
      const earlier = slot === 'next' ? await keyIn(place, 'next') : undefined;
      if (earlier) return earlier;
      const bytes = random(KEY_BYTES);
      await place.write(slot, keyText(bytes));
      return masterKey(bytes, place.source);
    },
    async settle(currentId, isRetired) {
      for (const place of await places()) {
        const [current, next] = [await keyIn(place, 'current'), await keyIn(place, 'next')];
        if (next?.id === currentId) await place.promote();
        else if (current && isRetired(current.id)) await place.remove();
      }
    },
    warningOf: ({ source }) => (source === 'home' ? besideTheDatabase(file) : null),
  };
}

const KEY_BYTES = 32;

async function findPlaces(
  file: KeyPlace,
  keychain: Keychain | undefined,
  home: string,
): Promise<readonly KeyPlace[]> {
  const safer = keychain && (await keychainPlace(keychain, home));
  return safer ? [safer, file] : [file];
}

async function keysIn(place: KeyPlace): Promise<readonly MasterKey[]> {
  const keys = [await keyIn(place, 'current'), await keyIn(place, 'next')];
  return keys.filter((key) => key !== undefined);
}

async function keyIn(place: KeyPlace, slot: KeySlot): Promise<MasterKey | undefined> {
  const text = await place.read(slot);
  if (text === undefined) return undefined;
  const bytes = parseKey(text);
  if (bytes) return masterKey(bytes, place.source);
  throw new IronbarkError(
    'config',
    `What ${place.where} holds is not a master key: it was cut short or changed.`,
    'Put it back from a backup. Without it, the secrets that were encrypted with it cannot be read.',
  );
}

const besideTheDatabase = ({ where }: KeyPlace): string =>
  `The master key is in ${where}, beside what it protects: whoever can copy the home folder can read the secrets. To keep it elsewhere, set IRONBARK_MASTER_KEY_FILE to a file with a new key and run: ironbark secrets rotate`;
