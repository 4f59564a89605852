import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from './frame.ts';

it('a frame gives back what went into it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.array(fc.uint8Array()), (value, parts) => {
      const text = JSON.stringify(value);
      const frame = decodeFrame(Buffer.concat(encodeFrame(text, parts)));
      expect(frame?.body).toBe(text);
      expect(frame?.parts.map((part) => [...part])).toEqual(parts.map((part) => [...part]));
    }),
  );
});

it('bytes that are no frame are told apart', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => decodeFrame(bytes) === undefined));
});

it.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['with more behind it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
  [
    'that claims a longer header',
    (bytes: Buffer) => Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0x7f]), bytes.subarray(4)]),
  ],
  [
    'of a negative part',
    (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('[3]', '-3 '), 'latin1'),
  ],
])('a frame %s is none', (_, damage) => {
  const whole = Buffer.concat(encodeFrame({ a: 1 }, [Buffer.from('abc')]));
  expect(decodeFrame(whole)).toBeDefined();
  expect(decodeFrame(damage(whole))).toBeUndefined();
});
