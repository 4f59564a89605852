import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from './fifo.ts';

test('behaves as an array does, however it is used', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('push' as const), count: fc.nat(3_000) }),
    fc.record({ do: fc.constant('shift' as const), count: fc.nat(3_000) }),
    fc.record({ do: fc.constant('remove' as const), count: fc.constant(1) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const { do: what, count } of steps) {
        for (let n = 0; n < count; n++) {
          if (what === 'push') {
            fifo.push(next);
            model.push(next++);
          }
          if (what === 'shift') expect(fifo.shift()).toBe(model.shift());
          if (what === 'remove') {
            const odd = model.findIndex((item) => item % 2 === 1);
            expect(fifo.remove((item) => item % 2 === 1)).toBe(odd < 0 ? undefined : model.splice(odd, 1)[0]);
          }
        }
        expect(fifo.length).toBe(model.length);
      }
      expect([...fifo]).toEqual(model);
    }),
    { numRuns: 50 },
  );
});
