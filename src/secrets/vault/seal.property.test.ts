import { createSecretKey, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Sealed, type SealedIdentity, seal, unseal } from './seal.ts';

const keyOf = (byte: number): KeyObject => createSecretKey(new Uint8Array(32).fill(byte));
const KEY = keyOf(1);

const anyText = fc.string({ unit: 'binary', maxLength: 300 });
const anyIdentity: fc.Arbitrary<SealedIdentity> = fc.record({
  owner: fc.constantFrom('owner', 'other'),
  name: fc.stringMatching(/^[a-z0-9_][a-z0-9_.-]{0,20}$/),
  version: fc.integer({ min: 1, max: 1000 }),
  keyId: fc.constantFrom('a'.repeat(32), 'b'.repeat(32)),
  setAt: fc.integer({ min: 0, max: 4e12 }),
  expiresAt: fc.option(fc.integer({ min: 0, max: 4e12 })),
});

/** The bytes with one bit of one byte changed. */
function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit);
  return copy;
}

describe('a sealed value', () => {
  test('comes back as it was, whatever text it is', () => {
    fc.assert(
      fc.property(anyText, anyIdentity, (value, identity) => {
        expect(unseal(seal(value, identity, KEY), KEY)).toEqual({ ok: true, value });
      }),
    );
  });

  test('never shows in what is stored, and no two look alike', () => {
    const identity = { owner: 'o', name: 'n', version: 1, keyId: 'k', setAt: 0, expiresAt: null };
    const [one, two] = [seal('correct-horse', identity, KEY), seal('correct-horse', identity, KEY)];
    expect(Buffer.from(one.ciphertext).toString('latin1')).not.toContain('correct-horse');
    expect(one.ciphertext).not.toEqual(two.ciphertext);
    expect(one.salt).not.toEqual(two.salt);
  });

  test('cannot be opened when one bit of salt, nonce or ciphertext was changed', () => {
    const part = fc.constantFrom('salt', 'nonce', 'ciphertext');
    fc.assert(
      fc.property(anyText, anyIdentity, part, fc.nat(), fc.nat(7), (value, identity, name, at, bit) => {
        const sealed = seal(value, identity, KEY);
        const altered: Sealed = { ...sealed, [name]: flipped(sealed[name], at, bit) };
        expect(unseal(altered, KEY)).toEqual({ ok: false, error: 'altered' });
      }),
      { numRuns: 500 },
    );
  });

  test('cannot be opened when bytes were cut off or added', () => {
    fc.assert(
      fc.property(anyText, anyIdentity, fc.nat(40), (value, identity, cut) => {
        const sealed = seal(value, identity, KEY);
        const shorter = { ...sealed, ciphertext: sealed.ciphertext.subarray(0, -1 - cut) };
        const longer = { ...sealed, ciphertext: Buffer.concat([sealed.ciphertext, Buffer.alloc(1 + cut)]) };
        expect(unseal(shorter, KEY).ok).toBe(false);
        expect(unseal(longer, KEY).ok).toBe(false);
        expect(unseal({ ...sealed, nonce: sealed.nonce.subarray(1) }, KEY).ok).toBe(false);
      }),
    );
  });

  test('cannot be opened under any other identity', () => {
    fc.assert(
      fc.property(anyText, anyIdentity, anyIdentity, (value, identity, other) => {
        for (const field of ['owner', 'name', 'version', 'keyId', 'setAt', 'expiresAt'] as const) {
          if (identity[field] === other[field]) continue;
          const altered = { ...seal(value, identity, KEY), [field]: other[field] };
          expect(unseal(altered, KEY).ok).toBe(false);
        }
      }),
    );
  });

  test('cannot be opened in the place of any other', () => {
    fc.assert(
      fc.property(anyText, anyText, anyIdentity, anyIdentity, (valueA, valueB, a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        const [one, two] = [seal(valueA, a, KEY), seal(valueB, b, KEY)];
        expect(unseal({ ...two, ...a }, KEY).ok).toBe(false);
        expect(unseal({ ...one, ...b }, KEY).ok).toBe(false);
      }),
    );
  });

  test('cannot be opened with another key', () => {
    fc.assert(
      fc.property(anyText, anyIdentity, fc.integer({ min: 2, max: 255 }), (value, identity, byte) => {
        expect(unseal(seal(value, identity, KEY), keyOf(byte)).ok).toBe(false);
      }),
    );
  });
});
