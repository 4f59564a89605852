import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withUniqueIds } from './call-ids.ts';

const call = (callId: string) => ({ callId, tool: 'echo', arguments: {} });

test('ids that nobody else has are left as they are', () => {
  expect(withUniqueIds([call('a'), call('b')], []).map(({ callId }) => callId)).toEqual(['a', 'b']);
});

test('no id is used twice, neither in the answer nor in the conversation', () => {
  const ids = fc.array(fc.constantFrom('', 'a', 'a-2', 'b', 'call'));
  fc.assert(
    fc.property(ids, ids, (earlier, fresh) => {
      const history = withUniqueIds(earlier.map(call), []);
      const calls = withUniqueIds(fresh.map(call), [{ role: 'assistant', text: '', toolCalls: history }]);
      const all = [...history, ...calls].map(({ callId }) => callId);
      expect(new Set(all).size).toBe(all.length);
      expect(all).not.toContain('');
    }),
  );
});
