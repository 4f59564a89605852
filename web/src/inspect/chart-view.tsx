import { Maximize2, Minus, Plus } from 'lucide-preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { chartCss } from '../../../src/core/chart/css.ts';
import type { PlacedChart } from '../../../src/core/chart/placed.ts';
import { chartSvg } from '../../../src/core/chart/svg.ts';
import type { Chart } from '../../../src/core/inspect.ts';
import { t } from '../i18n.ts';
import { IconButton, Problem, Skeleton } from '../ui/index.ts';
import { layOut } from './layout.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(chartCss);
document.adoptedStyleSheets.push(sheet);

export interface ChartViewProps {
  readonly chart: Chart;
  /** Ids of the states that are lit. */
  readonly active: readonly string[];
  /** What could happen next, by the transitions' ids. */
  readonly next: readonly string[];
  /** What happened last; lit for a moment, or for as long as `holds`. */
  readonly taken: readonly string[];
  /** Changes with each step, so that the same transition flashes again. */
  readonly step: number;
  readonly holds?: boolean;
}

/** A statechart, its active states lit, the last arrow flashed. Can be moved and enlarged. */
export function ChartView(props: ChartViewProps) {
  const { chart } = props;
  const [placed, setPlaced] = useState<PlacedChart | undefined>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    let isCurrent = true;
    setFailure(undefined);
    layOut(chart).then(
      (found) => isCurrent && setPlaced(found),
      (error: unknown) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [chart.hash]);
  if (failure !== undefined) return <Problem error={failure} />;
  if (placed?.hash !== chart.hash) return <Skeleton lines={6} />;
  return <Drawing {...props} placed={placed} />;
}

const FLASH_MS = 1_200;
const ZOOM = { least: 0.35, most: 2, step: 1.25 };

function Drawing({
  placed,
  active,
  next,
  taken,
  step,
  holds = false,
}: ChartViewProps & { placed: PlacedChart }) {
  const frame = useRef<HTMLDivElement>(null);
  const drawing = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState<number | 'fit' | 'readable'>('readable');
  const sizes = useSizes(frame, placed);
  const scale = scaleOf(sizes, zoom);
  useLayoutEffect(() => {
    if (drawing.current) drawing.current.innerHTML = chartSvg(placed, { style: false });
  }, [placed]);
  useLayoutEffect(() => {
    const svg = drawing.current?.querySelector('svg');
    svg?.setAttribute('width', String(placed.width * scale));
    svg?.setAttribute('height', String(placed.height * scale));
  }, [placed, scale]);
  useLayoutEffect(() => mark(drawing.current, 'data-state', 'is-active', active), [placed, active]);
  useLayoutEffect(() => mark(drawing.current, 'data-transition', 'is-next', next), [placed, next]);
  useEffect(() => {
    mark(drawing.current, 'data-transition', 'is-taken', taken);
    if (holds || taken.length === 0) return undefined;
    const timer = setTimeout(() => mark(drawing.current, 'data-transition', 'is-taken', []), FLASH_MS);
    return () => clearTimeout(timer);
  }, [placed, step, holds, taken.join()]);
  useEffect(() => showActive(frame.current), [placed, active.at(-1), scale, sizes.frame]);
  const by = (factor: number) => setZoom(Math.min(ZOOM.most, Math.max(ZOOM.least, scale * factor)));
  return (
    <div class="chart-view">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section ref={frame} class="chart-frame" tabIndex={0} aria-label={t('Statechart')}>
        <div ref={drawing} class="chart-drawing" />
      </section>
      <div class="chart-tools">
        <IconButton icon={Minus} label={t('Smaller')} tiny onClick={() => by(1 / ZOOM.step)} />
        <IconButton icon={Plus} label={t('Larger')} tiny onClick={() => by(ZOOM.step)} />
        <IconButton icon={Maximize2} label={t('All of it')} tiny onClick={() => setZoom('fit')} />
      </div>
    </div>
  );
}

/** Below this, words are hard to read: at first it is rather scrolled. */
const READABLE = { least: 0.8, most: 1.1 };

interface Sizes {
  /** At which all of it is in sight. */
  readonly fit: number;
  /** Width and height of the frame. */
  readonly frame: string;
}

function useSizes(frame: { readonly current: HTMLElement | null }, placed: PlacedChart): Sizes {
  const [sizes, setSizes] = useState<Sizes>({ fit: 1, frame: '' });
  useLayoutEffect(() => {
    const { current } = frame;
    if (!current) return undefined;
    const measure = () => {
      const { clientWidth, clientHeight } = current;
      const fit = Math.min((clientWidth - 24) / placed.width, (clientHeight - 24) / placed.height);
      setSizes({ fit, frame: `${clientWidth}x${clientHeight}` });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [placed]);
  return sizes;
}

function scaleOf({ fit }: Sizes, zoom: number | 'fit' | 'readable'): number {
  if (zoom === 'fit') return Math.min(READABLE.most, fit);
  return zoom === 'readable' ? Math.min(READABLE.most, Math.max(READABLE.least, fit)) : zoom;
}

function mark(place: HTMLElement | null, attribute: string, name: string, ids: readonly string[]): void {
  const wanted = new Set(ids);
  for (const node of place?.querySelectorAll(`[${attribute}]`) ?? [])
    node.classList.toggle(name, wanted.has(node.getAttribute(attribute) ?? ''));
}

/** Moves what is active into sight, where the chart is larger than its place. */
function showActive(frame: HTMLElement | null): void {
  const box = [...(frame?.querySelectorAll('.state.is-active:not(.outer)') ?? [])].at(-1);
  if (!frame || !box) return;
  const [outside, inside] = [frame.getBoundingClientRect(), box.getBoundingClientRect()];
  frame.scrollBy({
    left: inside.left + inside.width / 2 - outside.left - outside.width / 2,
    top: inside.top + inside.height / 2 - outside.top - outside.height / 2,
    behavior: document.documentElement.dataset.motion === 'less' ? 'instant' : 'smooth',
  });
}
