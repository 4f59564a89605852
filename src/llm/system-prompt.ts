import { readPrompt } from './prompts/read-prompt.ts';

const TEMPLATE = readPrompt('system.md');

interface SystemPromptInput {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The user's IANA time zone. */
  readonly timezone: string;
  /** See `renderIdentity`. */
  readonly identity?: string;
  /** What holds for this turn only, for example of agents that run. Last, because they change most often. */
  readonly notes?: readonly string[];
}

/**
 * What the model is told before each conversation. It names the day and not the minute, so that the same text
 * goes out all day long and providers can reuse what they have read of it.
 */
export function renderSystemPrompt({ now, timezone, identity = '', notes = [] }: SystemPromptInput): string {
  const date = dateFormat(timezone).format(now);
  const base = TEMPLATE.replaceAll('{{date}}', date).replaceAll('{{timezone}}', timezone);
  return [base, identity, ...notes].filter((text) => text !== '').join('\n\n');
}

/** Kept, because making one takes longer than all the rest of a prompt. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(timeZone: string): Intl.DateTimeFormat {
  const known = dateFormats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone });
  dateFormats.set(timeZone, format);
  return format;
}
