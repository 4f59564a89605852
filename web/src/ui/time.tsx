import { signal } from '@preact/signals';

const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 30_000);

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `5 minutes ago`, kept up to date; the exact moment shows when pointed at. `exact`: the other way round. */
export function Time({ at, exact = false }: { readonly at: string; readonly exact?: boolean }) {
  const full = moment(at);
  const relative = relativeTime(at, now.value);
  return (
    <time dateTime={at} title={exact ? relative : full}>
      {exact ? full : relative}
    </time>
  );
}

/** In the user's own time zone. */
export function moment(at: string): string {
  return new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

function relativeTime(at: string, from: number): string {
  const seconds = Math.round((Date.parse(at) - from) / 1_000);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || 'en', {
    numeric: 'auto',
    style: 'short',
  });
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return unit === 'second' ? words.format(0, 'second') : words.format(Math.round(seconds / size), unit);
}
