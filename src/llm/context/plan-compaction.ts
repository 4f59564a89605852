import type { JournalRecord, Origin } from '../../core/journal.ts';
import { unitedOrigins } from '../../safety/index.ts';
import type { ModelMessage } from '../model.ts';
import { fullDetail, withShortOlder } from '../transcript/detail.ts';
import { renderParts } from '../transcript/render-transcript.ts';
import { chooseOldest, type SizedPart, sizeParts } from './choose-oldest.ts';
import { type FitOptions, roomOf } from './fit-transcript.ts';

/** What of a conversation is to be summed up. */
export interface CompactionPlan {
  /** The turns that the summary will stand for. */
  readonly turnIds: readonly string[];
  /** The summary that it takes the place of, as the model was shown it. Empty where there is none. */
  readonly earlier: string;
  /** What was said after that, message by message. */
  readonly messages: readonly string[];
  /** Tokens that it takes as it is. */
  readonly tokens: number;
  /** Tokens that the summary may have. */
  readonly summaryTokens: number;
  /** Whose words, other than the user's, are in it. */
  readonly origins: readonly Origin[];
}

export interface PlanOptions extends Pick<FitOptions, 'window' | 'fixed' | 'count'> {
  /** Although nothing is too long: everything but the newest two turns. */
  readonly force: boolean;
}

/** A summary needs so much to be of use, and what has to be read with every call should not be longer. */
const FEWEST_TOKENS = 200;
const MOST_TOKENS = 1_500;
const SUMMARY_SHARE = 0.15;
/** Where a provider refuses what should have fitted: so much of what it refused is taken for its window. */
const REFUSED_SHARE = 0.8;

/** Undefined where there is nothing to sum up. */
export async function planCompaction(
  records: readonly JournalRecord[],
  { force, ...options }: PlanOptions,
): Promise<CompactionPlan | undefined> {
  const parts = renderParts(records, withShortOlder(fullDetail(options.window.tokens)));
  const sizes = await sizeParts(parts, options.count);
  const all = tokensOf(sizes);
  const given = roomOf(options);
  const room = all > given ? given : Math.floor(all * REFUSED_SHARE);
  const oldest = chooseOldest(sizes, force ? 0 : room);
  return oldest.length === 0 ? undefined : planOf(oldest, Math.min(given, room));
}

const tokensOf = (sizes: readonly SizedPart[]): number => sizes.reduce((sum, { tokens }) => sum + tokens, 0);

function planOf(oldest: readonly SizedPart[], room: number): CompactionPlan {
  const parts = oldest.map(({ part }) => part);
  const isSummary = parts[0]?.part.type === 'summary';
  const earlier = isSummary ? (parts[0]?.messages ?? []) : [];
  const later = (isSummary ? parts.slice(1) : parts).flatMap(({ messages }) => messages);
  const share = Math.floor(room * SUMMARY_SHARE);
  return {
    turnIds: parts.flatMap(({ part }) => {
      if (part.type === 'notices') return [];
      return part.type === 'turn' ? [part.turnId] : part.turnIds;
    }),
    earlier: earlier.map((message) => (message.role === 'user' ? message.text : '')).join('\n'),
    messages: later.map(asText),
    tokens: tokensOf(oldest),
    summaryTokens: Math.min(MOST_TOKENS, Math.max(FEWEST_TOKENS, share)),
    origins: unitedOrigins(...parts.map(({ origins }) => origins)),
  };
}

/** What was called with is told as far as it says what was done. */
const MOST_ARGUMENTS = 500;

function asText(message: ModelMessage): string {
  if (message.role === 'tool') return `Result of ${message.tool}: ${message.content}`;
  if (message.role === 'user')
    return message.text.startsWith('[Ironbark') ? message.text : `User: ${message.text}`;
  const calls = message.toolCalls.map(({ tool, arguments: args }) => {
    const text = JSON.stringify(args);
    return `Assistant calls ${tool} ${text.length > MOST_ARGUMENTS ? `${text.slice(0, MOST_ARGUMENTS)}…` : text}`;
  });
  return [...(message.text === '' ? [] : [`Assistant: ${message.text}`]), ...calls].join('\n');
}
