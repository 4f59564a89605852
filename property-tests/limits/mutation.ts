import fc from 'fast-check';

/** Changes of a module's bytes. Most leave it valid or nearly so, which is where a rewriter may be led astray. */
export type Mutation = (bytes: Uint8Array, other: Uint8Array) => Uint8Array;

/** Instructions that take and leave the same, so that one may stand for another. */
const ALIKE: readonly (readonly number[])[] = [
  [0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x70, 0x71, 0x73, 0x74, 0x76, 0x46, 0x48, 0x4f],
  [0x20, 0x23],
  [0x21, 0x24],
  [0x0c, 0x0d],
  [0x10, 0x12],
  [0x02, 0x03],
  [0x28, 0x2c, 0x2d, 0x2e],
  [0x36, 0x3a, 0x3b],
  [0x00, 0x01, 0x0f],
];

const place = fc.nat();
const byte = fc.nat(255);

const exchange = fc.tuple(place, fc.nat(50)).map(
  ([at, choice]): Mutation =>
    (bytes) => {
      const from = at % bytes.length;
      for (let index = from; index < bytes.length; index++) {
        const present = bytes[index] ?? 0;
        const group = ALIKE.find((opcodes) => opcodes.includes(present));
        if (group) return bytes.with(index, group[choice % group.length] ?? present);
      }
      return bytes;
    },
);

const nudge = fc.tuple(place, fc.constantFrom(1, -1, 2, 0x40)).map(
  ([at, by]): Mutation =>
    (bytes) =>
      bytes.with(at % bytes.length, ((bytes[at % bytes.length] ?? 0) + by) & 0xff),
);

const overwrite = fc.tuple(place, byte).map(
  ([at, value]): Mutation =>
    (bytes) =>
      bytes.with(at % bytes.length, value),
);

const flip = fc.tuple(place, fc.nat(7)).map(
  ([at, bit]): Mutation =>
    (bytes) =>
      bytes.with(at % bytes.length, (bytes[at % bytes.length] ?? 0) ^ (1 << bit)),
);

/** As many bytes go as come, so that the sizes around them stay right. */
const move = fc.tuple(place, place, fc.nat(6)).map(
  ([from, to, count]): Mutation =>
    (bytes) => {
      const moved = bytes.slice();
      moved.copyWithin(to % bytes.length, from % bytes.length, (from % bytes.length) + count);
      return moved;
    },
);

const cut = fc.tuple(place, fc.integer({ min: 1, max: 8 })).map(
  ([at, count]): Mutation =>
    (bytes) => {
      const from = at % bytes.length;
      return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from + count)]);
    },
);

/** One section of another module instead of one's own. */
const splice = place.map(
  (choice): Mutation =>
    (bytes, other) => {
      const given = sectionsOf(other);
      const [id, section] = given[choice % given.length] ?? [];
      if (id === undefined || section === undefined) return bytes;
      const kept = sectionsOf(bytes).map(([own, content]) => (own === id ? section : content));
      return Uint8Array.from([...bytes.subarray(0, 8), ...kept.flatMap((content) => [...content])]);
    },
);

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: exchange, weight: 5 },
  { arbitrary: nudge, weight: 3 },
  { arbitrary: flip, weight: 2 },
  { arbitrary: splice, weight: 2 },
  overwrite,
  move,
  cut,
);

/** The sections of a valid module with their ids; of another those that can be made out. */
function sectionsOf(bytes: Uint8Array): readonly (readonly [id: number, section: Uint8Array])[] {
  const sections: (readonly [number, Uint8Array])[] = [];
  for (let at = 8; at < bytes.length; ) {
    let [size, scale, next] = [0, 1, at + 1];
    for (let more = true; more && next < bytes.length; scale *= 128) {
      const part = bytes[next++] ?? 0;
      size += (part & 0x7f) * scale;
      more = part >= 0x80;
    }
    sections.push([bytes[at] ?? 0, bytes.subarray(at, next + size)]);
    at = next + size;
  }
  return sections;
}
