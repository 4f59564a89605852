import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { MasterKeySource } from '../../core/secrets.ts';

/** A master key that is at hand. However it is printed, its bytes do not show. */
export interface MasterKey {
  /** Derived from the key, so that it is known by its id alone; says nothing about its bytes. */
  readonly id: string;
  readonly source: MasterKeySource;
  /** Given only to read what was encrypted with it before a rotation; nothing new is. */
  readonly former: boolean;
  readonly key: KeyObject;
}

const KEY_BYTES = 32;
const ID_BYTES = 16;

export function masterKey(bytes: Uint8Array, source: MasterKeySource, former = false): MasterKey {
  const key = createSecretKey(bytes);
  return { id: idOf(key), source, former, key };
}

/** What a text holds: 64 hexadecimal digits, or base64 of either alphabet. Undefined where it is no key. */
export function parseKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(trimmed)) return undefined;
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.length === KEY_BYTES ? bytes : undefined;
}

export const keyText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function idOf(key: KeyObject): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'ironbark master key id 1', ID_BYTES)).toString('hex');
}
