import { useState } from 'preact/hooks';
import type { UsageReply } from '../../../../src/core/api/usage.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { roundTop } from './axis.ts';
import { dollars } from './dollars.ts';

type Day = UsageReply['by_day'][number];

/**
 * What each day cost, as bars. Without a coordinate system of its own, so that letters keep their size at every width:
 * places are per cent of what there is. The same is in the table beneath it, for those who cannot see or point.
 */
export function DayChart({ days }: { readonly days: readonly Day[] }) {
  const [pointed, point] = useState<string>();
  const top = roundTop(days.map(({ cost_usd }) => cost_usd));
  const shown = days.find(({ day }) => day === pointed) ?? days.at(-1);
  return (
    <figure class="day-chart">
      <figcaption>{shown && <Reading day={shown} />}</figcaption>
      <div class="day-chart-scale" aria-hidden="true">
        {[1, 0.5, 0].map((part) => (
          <span key={part}>{dollars(top * part)}</span>
        ))}
      </div>
      <svg class="day-chart-bars" aria-hidden="true" onPointerLeave={() => point(undefined)}>
        {[0, 50, 100].map((y) => (
          <line key={y} x1="0" x2="100%" y1={`${y}%`} y2={`${y}%`} />
        ))}
        {days.map((day, index) => (
          <Bar
            key={day.day}
            index={index}
            of={days.length}
            height={day.cost_usd / top}
            isShown={day === shown}
            onPoint={() => point(day.day)}
          />
        ))}
      </svg>
      <div class="day-chart-days" aria-hidden="true">
        <span>{shortDay(days[0])}</span>
        <span>{shortDay(days[Math.floor(days.length / 2)])}</span>
        <span>{shortDay(days.at(-1))}</span>
      </div>
    </figure>
  );
}

function Reading({ day }: { readonly day: Day }) {
  return (
    <>
      <strong>{dollars(day.cost_usd)}</strong>{' '}
      <span class="quiet">
        {longDay(day)} · {t('{count} calls', { count: count(day.calls) })} ·{' '}
        {t('{count} tokens', { count: count(day.input_tokens + day.output_tokens) })}
      </span>
    </>
  );
}

interface BarProps {
  readonly index: number;
  readonly of: number;
  /** From 0 to 1. */
  readonly height: number;
  readonly isShown: boolean;
  onPoint(): void;
}

/** A third of the place of each bar is the gap to the next. */
function Bar({ index, of, height, isShown, onPoint }: BarProps) {
  const step = 100 / of;
  const left = index * step;
  // What cost anything at all can be seen.
  const tall = height === 0 ? 0 : Math.max(1.5, height * 100);
  return (
    <g onPointerEnter={onPoint} onPointerDown={onPoint}>
      <rect class="day-chart-hit" x={`${left}%`} y="0" width={`${step}%`} height="100%" />
      <rect
        class={isShown ? 'day-chart-bar is-shown' : 'day-chart-bar'}
        x={`${left + step / 6}%`}
        y={`${100 - tall}%`}
        width={`${(step * 2) / 3}%`}
        height={`${tall}%`}
        rx="2"
      />
    </g>
  );
}

/** Noon in UTC lies within the day of the same name. */
const at = ({ day }: Day): Date => new Date(`${day}T12:00:00Z`);

export function longDay(day: Day): string {
  const words = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return at(day).toLocaleDateString(document.documentElement.lang, words);
}

function shortDay(day: Day | undefined): string {
  if (day === undefined) return '';
  const words = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return at(day).toLocaleDateString(document.documentElement.lang, words);
}
