import { readPrompt } from './prompts/read-prompt.ts';

const TEMPLATE = readPrompt('system.md');

interface SystemPromptInput {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The user's IANA time zone. */
  readonly timezone: string;
}

/**
 * What the model is told before each conversation. It names the day and not the minute, so that the same text
 * goes out all day long and providers can reuse what they have read of it.
 */
export function renderSystemPrompt({ now, timezone }: SystemPromptInput): string {
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: timezone }).format(now);
  return TEMPLATE.replaceAll('{{date}}', date).replaceAll('{{timezone}}', timezone);
}
