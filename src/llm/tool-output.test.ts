import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapToolOutput } from '../safety/index.ts';
import { unwrapToolOutput } from './tool-output.ts';

test('what was wrapped comes out as it went in', () => {
  const content = fc
    .array(fc.oneof(fc.string(), fc.constantFrom('</tool_output>', '< tool_output', '\n')))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(content, (content) => {
      expect(unwrapToolOutput(wrapToolOutput('read_file', content))).toBe(content);
    }),
  );
});

test('text without the frame is left alone', () => {
  expect(unwrapToolOutput(' plain ')).toBe(' plain ');
});
