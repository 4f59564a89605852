import { ChevronUp } from 'lucide-preact';
import { inWords } from '../../../src/core/chart/words.ts';
import type { Arrow, TurnSequence } from '../../../src/core/inspect.ts';
import { duration, visible } from '../format.ts';
import { t } from '../i18n.ts';
import { kept } from '../kept.ts';

const LANE = 132;
const ROW = 34;
const HEAD = 44;
const SIDE = 20;

export interface SequenceProps {
  readonly sequence: TurnSequence;
  /** The entry of the journal that is looked at, and what comes later is faint. */
  readonly upto?: number | undefined;
}

const isOpen = kept('inspect-messages', (stored) => stored !== false);

/** The messages of a turn, below its chart; can be put away. */
export function Sequence(props: SequenceProps) {
  const open = isOpen.value;
  return (
    <div class="drawer">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => {
          isOpen.value = !open;
        }}
      >
        <ChevronUp size={14} class={open ? 'turned' : ''} aria-hidden="true" />
        {t('Messages of this turn')}
      </button>
      {open && <Diagram {...props} />}
    </div>
  );
}

/** Who said what to whom: a line for each, time runs downwards, a bar for what took time. */
function Diagram({ sequence, upto }: SequenceProps) {
  const { lanes, arrows } = sequence;
  const places = new Map(lanes.map(({ id }, place) => [id, SIDE + LANE * place + LANE / 2]));
  const at = (lane: string): number => places.get(lane) ?? SIDE;
  const width = 2 * SIDE + LANE * lanes.length;
  const height = HEAD + ROW * arrows.length + ROW;
  const rowOf = (place: number): number => HEAD + ROW * (place + 0.6);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="sequence" tabIndex={0} aria-label={t('Messages of this turn')}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={t('Messages of this turn')}
      >
        {lanes.map(({ id, label, kind }) => (
          <g key={id} class={`lane ${kind}`}>
            <line x1={at(id)} x2={at(id)} y1={HEAD - 8} y2={height - 8} />
            <rect x={at(id) - LANE / 2 + 6} y={6} width={LANE - 12} height={HEAD - 16} rx={8} />
            <text x={at(id)} y={HEAD / 2 + 2} text-anchor="middle">
              {shortened(label)}
            </text>
          </g>
        ))}
        {arrows.map((arrow, place) =>
          arrow.answers === undefined ? null : (
            <rect
              key={`bar ${arrow.seq} ${place}`}
              class={`bar ${arrow.outcome ?? 'ok'}`}
              x={at(arrow.from) - 5}
              y={rowOf(arrow.answers)}
              width={10}
              height={Math.max(6, rowOf(place) - rowOf(arrow.answers))}
              rx={4}
            />
          ),
        )}
        {arrows.map((arrow, place) => (
          <Line
            key={`${arrow.seq} ${place}`}
            arrow={arrow}
            from={at(arrow.from)}
            to={at(arrow.to)}
            y={rowOf(place)}
            later={upto !== undefined && arrow.seq > upto}
          />
        ))}
      </svg>
    </section>
  );
}

interface LineProps {
  readonly arrow: Arrow;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly later: boolean;
}

function Line({ arrow, from, to, y, later }: LineProps) {
  const { label, durationMs, outcome = 'ok', answers, preview, origins = [] } = arrow;
  const toRight = to >= from;
  const end = to + (from === to ? 26 : toRight ? -6 : 6);
  const path = from === to ? `M${from},${y - 7}h26v9h-20` : `M${from + (toRight ? 6 : -6)},${y}H${end}`;
  const words = [inWords(label), ...(durationMs === undefined ? [] : [duration(durationMs)])].join(' · ');
  const whose = origins.length === 0 ? '' : `\n${t('after: {origins}', { origins: origins.join(', ') })}`;
  return (
    <g class={`message ${outcome} ${answers === undefined ? '' : 'answer'} ${later ? 'later' : ''}`}>
      <title>{visible(`${words}\n${preview}${whose}`)}</title>
      <path class="way" d={path} />
      <path class="tip" d={from === to ? tip(from + 6, y + 2, false) : tip(end, y, toRight)} />
      <text
        x={from === to ? from + 32 : (from + to) / 2}
        y={y - 5}
        text-anchor={from === to ? 'start' : 'middle'}
      >
        {origins.length > 0 ? '⚑ ' : ''}
        {shortened(words, Math.max(18, Math.abs(to - from) / 6.6))}
      </text>
    </g>
  );
}

const tip = (x: number, y: number, toRight: boolean): string =>
  toRight ? `M${x},${y}l-8,-4v8z` : `M${x},${y}l8,-4v8z`;

const shortened = (text: string, most = 18): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…`;
