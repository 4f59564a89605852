import { asMarkdown } from './as-markdown.ts';
import { hasEarlier, loadEarlier, rows } from './conversation.ts';
import { title } from './conversations.ts';

/** All of the conversation in front, as a markdown file. */
export async function downloadConversation(): Promise<void> {
  while (hasEarlier.peek()) await loadEarlier();
  const name = title.peek() ?? 'conversation';
  const file = new Blob([asMarkdown(name, rows.peek())], { type: 'text/markdown' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${
    name
      .replace(/[^\p{L}\p{N} _-]+/gu, '')
      .slice(0, 60)
      .trim() || 'conversation'
  }.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
