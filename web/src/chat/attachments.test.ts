import { expect, test } from 'vitest';
import { withoutAttachments } from './attachments.ts';

test('tells the words of a message from what was attached to it', () => {
  const text =
    'Look\n[attached: attachments/2026-11-21/a.png, image/png, 120 kB]\n[attached: b.txt, text/plain, 8 B]';
  expect(withoutAttachments(text)).toEqual({
    text: 'Look',
    attached: [
      { path: 'attachments/2026-11-21/a.png', about: 'image/png, 120 kB' },
      { path: 'b.txt', about: 'text/plain, 8 B' },
    ],
  });
  expect(withoutAttachments('[attached: to nothing]')).toEqual({
    text: '[attached: to nothing]',
    attached: [],
  });
});
