import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameReader, encodeFrame, type Frame } from './frame.ts';
import { joined, pack, rawParts, unpack } from './guest/values.ts';

const LIMITS = { frame: 100_000, header: 1_000 };
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const frames = fc.array(
  fc.record({
    kind: u32,
    call: u32,
    component: u32,
    header: fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.toWellFormed()),
    raw: fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.integer({ min: 16_000, max: 17_000 }).map((n) => new Uint8Array(n)),
    ),
  }),
  { maxLength: 5 },
);

test('frames come out as they went in, however the bytes are cut', () => {
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 30_000 }), (sent, step) => {
      const received: Frame[] = [];
      const reader = createFrameReader(LIMITS, (frame) => received.push(frame));
      const bytes = Buffer.concat(sent.flatMap(encodeFrame));
      for (let at = 0; at < bytes.length; at += step)
        expect(reader.push(bytes.subarray(at, at + step))).toBeUndefined();
      expect(received).toEqual(sent);
    }),
    { numRuns: 100 },
  );
});

test('any bytes are taken without harm, and after a fault nothing more is', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (chunks) => {
      let faults = 0;
      const reader = createFrameReader(LIMITS, () => expect(faults).toBe(0));
      for (const chunk of chunks) {
        if (reader.push(chunk)) faults++;
        else expect(faults).toBe(0);
      }
    }),
  );
});

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, undefined, true, '$'),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.string().map((text) => text.toWellFormed()),
    fc.integer({ min: 4_090, max: 4_100 }).map((length) => '\ufeffä'.repeat(length)),
    fc.uint8Array(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', '$', '__proto__', '1', 'toString'), tie('any'), { maxKeys: 4 }),
  ),
})).any;

/** A field that is undefined is the same as none. */
const withoutAbsent = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(withoutAbsent);
  if (typeof json !== 'object' || json === null || json instanceof Uint8Array) return json;
  const fields = Object.entries(json).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutAbsent(field)]));
};

test('values come out as they went in', () => {
  fc.assert(
    fc.property(value, (sent) => {
      const raw = rawParts();
      const header = JSON.stringify(pack(sent, raw));
      expect(unpack(JSON.parse(header), joined(raw))).toEqual(withoutAbsent(sent));
    }),
    { numRuns: 300 },
  );
});

test('whatever JSON comes instead of a packed value either reads as a value or throws, and pollutes nothing', () => {
  const part = fc.constantFrom('$', 'v', 'at', 'n', '__proto__');
  const leaf = fc.constantFrom('b', 't', 'n', 'u', 'o', 0, -1, 1e9, null, '1e5', '12');
  const json = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.dictionary(part, tie('any'), { maxKeys: 4 }),
      fc.array(tie('any')),
    ),
  })).any;
  fc.assert(
    fc.property(json, (hostile) => {
      try {
        unpack(JSON.parse(JSON.stringify(hostile)), new Uint8Array(4));
      } catch (error) {
        expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
