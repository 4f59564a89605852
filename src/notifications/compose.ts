import type { Origin } from '../core/journal.ts';
import type { Notification, NotificationKind } from '../core/notifications.ts';
import { unitedOrigins } from '../safety/index.ts';

/** What is told of one notification, or of several as one. */
export interface Composed {
  readonly text: string;
  readonly from: string;
  readonly origins: readonly Origin[];
}

/** Of so many each is named; the rest is counted, and can be read in the list of notifications. */
const MOST_NAMED = 20;
/** Characters of each. */
const MOST_SHOWN = 300;

export function compose(
  first: Notification,
  rest: readonly Notification[],
  { isDigest }: { readonly isDigest: boolean },
): Composed {
  const all = [first, ...rest];
  const origins = unitedOrigins(...all.map((one) => one.origins));
  const lines = distinctLines(all);
  if (lines.length === 1) return { text: timesOf(first.text, all.length), from: first.from, origins };
  const kinds = new Set(all.map(({ kind }) => kind));
  const heading = kinds.size === 1 ? `${all.length} ${PLURALS[first.kind]}` : `${all.length} things`;
  const shown = lines.slice(0, MOST_NAMED).map((line) => `- ${line}`);
  const left = lines.length - shown.length;
  const more = left > 0 ? [`- and ${left} more: see \`ironbark notifications\``] : [];
  return {
    text: [`${heading}:`, ...shown, ...more].join('\n'),
    from: isDigest ? 'the daily digest' : heading,
    origins,
  };
}

/** What says the same is said once, with how often. */
function distinctLines(all: readonly Notification[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { from, text } of all) {
    const line = `${from}: ${shortened(text)}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => timesOf(line, count));
}

const timesOf = (text: string, count: number): string => (count > 1 ? `${text} (${count} times)` : text);

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MOST_SHOWN ? line : `${line.slice(0, MOST_SHOWN - 1).toWellFormed()}…`;
}

const PLURALS: Readonly<Record<NotificationKind, string>> = {
  'job.completed': 'jobs are done',
  'job.failed': 'jobs failed',
  'job.stuck': 'jobs are stuck',
  'job.asks': 'jobs ask something',
  'routine.ok': 'routines ran',
  'routine.attention': 'routines have something to say',
  'routine.failed': 'routines failed',
  'routine.disabled': 'routines were switched off',
  'routine.missed': 'routines missed their time',
  'routine.late': 'routines were late',
  'routine.used-up': 'routines used up their budget of the day',
  'heartbeat.attention': 'things need your attention',
  'heartbeat.failing': 'times the heartbeat failed',
  'repair.asks': 'tools are broken',
  'repair.done': 'tools work again',
};
