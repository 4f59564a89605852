import { expect, test } from 'vitest';
import { asMarkdown } from './as-markdown.ts';
import { createTranscript } from './transcript.ts';

test('a conversation as a file: who said what, and which tools were used, without what they answered', () => {
  const transcript = createTranscript();
  const call = { turnId: 't', effectId: 'e', callId: 'c', tool: 'shell' };
  const at = '2026-11-21T10:00:00.000Z';
  const messages = [{ inboxId: 'i', text: 'Build it' }];
  transcript.add({ seq: 1, at, type: 'turn.began', turnId: 't', messages, route: 'task' });
  transcript.add({ seq: 2, at, type: 'tool.requested', ...call, arguments: { command: 'make' } });
  const end = { outcome: 'failed', content: 'A secret of the machine', durationMs: 1 } as const;
  transcript.add({ seq: 3, at, type: 'tool.completed', ...call, ...end });
  const usage = { inputTokens: 1, outputTokens: 1 };
  const reply = { turnId: 't', outboxId: 'o', text: 'It failed.', finish: 'answered', usage } as const;
  transcript.add({ seq: 4, at, type: 'turn.replied', ...reply });
  expect(asMarkdown('Build', transcript.rows())).toBe(
    `# Build\n\n**You** (${at})\n\nBuild it\n\n> \`shell\`: failed\n\n**Ironbark**\n\nIt failed.\n`,
  );
});
