import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../core/result.ts';

/** What a sealed secret is bound to: where one of these was changed, it cannot be opened. */
export interface SealedIdentity {
  readonly owner: string;
  readonly name: string;
  /** Counts how often it was set. */
  readonly version: number;
  readonly keyId: string;
  /** Milliseconds since the Unix epoch. */
  readonly setAt: number;
  readonly expiresAt: number | null;
}

export interface Sealed extends SealedIdentity {
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  /** With the tag of 16 bytes at its end. */
  readonly ciphertext: Uint8Array;
}

/** Also the version of this format: what is written under it must remain readable. */
const PURPOSE = 'ironbark secret 1';
const CIPHER = 'aes-256-gcm';
const SALT_BYTES = 32;
/** Of a fresh key each time, so that the nonce need not be unique beyond that. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Encrypts a value with AES-256-GCM under a key of its own. About 30 µs. */
export function seal(value: string, identity: SealedIdentity, master: KeyObject): Sealed {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const cipher = createCipheriv(CIPHER, keyFor(identity, salt, master), nonce);
  cipher.setAAD(boundTo(identity));
  const ciphertext = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { ...identity, salt, nonce, ciphertext };
}

/** The value; `altered` where anything about it was changed, or the key is another. */
export function unseal(sealed: Sealed, master: KeyObject): Result<string, 'altered'> {
  const { salt, nonce, ciphertext } = sealed;
  const end = ciphertext.length - TAG_BYTES;
  if (end < 0 || nonce.length !== NONCE_BYTES) return err('altered');
  const decipher = createDecipheriv(CIPHER, keyFor(sealed, salt, master), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(boundTo(sealed));
  decipher.setAuthTag(ciphertext.subarray(end));
  try {
    const bytes = Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]);
    const value = bytes.toString('utf8');
    bytes.fill(0);
    return ok(value);
  } catch {
    return err('altered');
  }
}

/** One for each secret and each time it is set: HKDF with the row's salt, for this purpose, name and version. */
function keyFor({ name, version }: SealedIdentity, salt: Uint8Array, master: KeyObject): Uint8Array {
  const info = JSON.stringify([PURPOSE, name, version]);
  return new Uint8Array(hkdfSync('sha256', master, salt, info, KEY_BYTES));
}

/** As JSON, so that no two identities read the same; times as text, because JSON has no word for a time out of range. */
function boundTo({ owner, name, version, keyId, setAt, expiresAt }: SealedIdentity): Buffer {
  const times = [String(setAt), expiresAt === null ? null : String(expiresAt)];
  return Buffer.from(JSON.stringify([PURPOSE, owner, name, version, keyId, ...times]));
}
