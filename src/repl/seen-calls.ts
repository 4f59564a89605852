import type { JournalEntry } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import { plainText } from './plain-text.ts';
import { argumentRows, valueRows } from './question.ts';
import type { Style } from './style.ts';

type Entry<Type extends JournalEntry['type']> = Extract<JournalEntry, { type: Type }>;

/** The latest calls of a conversation, to be shown in full when the user asks for it. */
export interface SeenCalls {
  requested(entry: Entry<'tool.requested'>): void;
  ended(entry: Entry<'tool.completed' | 'tool.refused'>): void;
  /** The latest call, then with each time the one before it; undefined when there are no more. */
  next(style: Style, columns: number): string | undefined;
}

interface SeenCall {
  readonly heading: string;
  readonly arguments: JsonObject;
  readonly content: string;
}

const MOST_CALLS = 20;
/** What stays in memory of one result, and about what fits into the 200 rows that are shown. */
const MOST_CHARACTERS = 16_000;

export function createSeenCalls(): SeenCalls {
  const open = new Map<string, JsonObject>();
  const seen: SeenCall[] = [];
  let shown = 0;
  return {
    requested: ({ callId, arguments: args }) => void open.set(callId, args),
    ended: (entry) => {
      const content = entry.content.slice(0, MOST_CHARACTERS + 1);
      seen.unshift({ heading: headingOf(entry), arguments: open.get(entry.callId) ?? {}, content });
      open.delete(entry.callId);
      seen.length = Math.min(seen.length, MOST_CALLS);
      shown = 0;
    },
    next: (style, columns) => {
      const call = seen[shown];
      shown = call === undefined ? 0 : shown + 1;
      return call && inFull(call, style, columns);
    },
  };
}

function headingOf(entry: Entry<'tool.completed' | 'tool.refused'>): string {
  return `${plainText(entry.tool)} ${entry.type === 'tool.refused' ? 'refused' : entry.outcome}`;
}

/** Rows of what others wrote stand behind a bar, so that none of them passes for one of ours. */
function inFull({ heading, arguments: args, content }: SeenCall, style: Style, columns: number): string {
  const rest = content.length > MOST_CHARACTERS ? ['  … the rest is not shown here'] : [];
  return [
    style.bold(`▾ ${heading}`),
    ...argumentRows(args, columns),
    ...valueRows(content.slice(0, MOST_CHARACTERS).trimEnd(), columns).map(style.dim),
    ...rest,
  ].join('\n');
}
