import { AsyncLocalStorage } from 'node:async_hooks';
import { coerceError } from '../../core/errors.ts';
import type { ReadKey } from '../create-model.ts';
import type { ProviderSettings } from '../settings.ts';

/** Stands where adapters put the key into a header. */
export const PLACEHOLDER = 'ironbark-key';

/** There is no key to send, or it may not be read. */
export class KeyTrouble extends Error {
  override readonly name = 'KeyTrouble';
}

/** The key of one call. */
export interface CallKey {
  /** Asks for the key anew. Throws KeyTrouble. Undefined where the provider is asked without one. */
  read(): Promise<string | undefined>;
  /** What was sent in this call, to be taken out of what is said about it. */
  sent(): string | undefined;
}

export function callKey(settings: ProviderSettings, readKey: ReadKey | undefined): CallKey {
  let sent: string | undefined;
  return {
    async read() {
      sent = await currentKey(settings, readKey);
      return sent;
    },
    sent: () => sent,
  };
}

async function currentKey(
  { vaultKey, apiKey, sources }: ProviderSettings,
  readKey: ReadKey | undefined,
): Promise<string | undefined> {
  if (vaultKey === undefined) return apiKey;
  const kept = await readKey?.(vaultKey).catch((thrown: unknown) => {
    throw new KeyTrouble(coerceError(thrown).message, { cause: thrown });
  });
  const key = kept ?? apiKey;
  if (key === undefined) throw new KeyTrouble(`There is no key any more in ${sources.apiKey}.`);
  return key;
}

const KEY_HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key'];

/**
 * The key of the call that a request belongs to. Adapters are made once, because that takes as long as half a call,
 * and have no place in which a call could hand something on to its request.
 */
const ofThisCall = new AsyncLocalStorage<CallKey>();

export function withKey<T>(key: CallKey, call: () => Promise<T>): Promise<T> {
  return ofThisCall.run(key, call);
}

/**
 * A `fetch` that puts the key, as it is at this moment, where the placeholder stands, and removes the header where
 * there is no key. Adapters never hold a key, and one that was replaced counts with the next request. To be called
 * within `withKey`.
 */
export function keyFetch(inner: typeof fetch): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const value = await ofThisCall.getStore()?.read();
    for (const name of KEY_HEADERS) fill(headers, name, value);
    return inner(input, { ...init, headers });
  };
}

function fill(headers: Headers, name: string, key: string | undefined): void {
  const text = headers.get(name);
  if (!text?.includes(PLACEHOLDER)) return;
  if (key === undefined) headers.delete(name);
  else
    headers.set(
      name,
      text.replace(PLACEHOLDER, () => key),
    );
}
