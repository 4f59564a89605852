import { t } from '../i18n.ts';

export interface DayGroup<T> {
  readonly day: string;
  readonly items: readonly T[];
}

interface Dated {
  readonly lastActiveAt: string;
}

const DAY_MS = 86_400_000;

/** The latest first: today, yesterday, the last seven days, then by month. */
export function groupByDay<T extends Dated>(list: readonly T[], now: Date): readonly DayGroup<T>[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const latest = list.toSorted((a, b) => (a.lastActiveAt < b.lastActiveAt ? 1 : -1));
  const groups = Map.groupBy(latest, ({ lastActiveAt }) => dayOf(new Date(lastActiveAt), midnight));
  return [...groups].map(([day, items]) => ({ day, items }));
}

function dayOf(at: Date, midnight: number): string {
  if (at.getTime() >= midnight) return t('Today');
  if (at.getTime() >= midnight - DAY_MS) return t('Yesterday');
  if (at.getTime() >= midnight - 7 * DAY_MS) return t('Last 7 days');
  return at.toLocaleDateString([], { month: 'long', year: 'numeric' });
}
