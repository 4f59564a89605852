import type { ELK as Elk } from 'elkjs/lib/elk-api.js';
import { elkGraph } from '../../../src/core/chart/elk-graph.ts';
import { type PlacedChart, placeChart } from '../../../src/core/chart/placed.ts';
import type { Chart } from '../../../src/core/inspect.ts';

/** Drawn with other rules: what was kept before is void. */
const EDITION = 'chart/1/';

const known = new Map<string, Promise<PlacedChart>>();
let elk: Promise<Elk> | undefined;

/** Where everything of a chart stands. It takes ELK a second in a thread of its own, once: it is kept by the hash. */
export function layOut(chart: Chart): Promise<PlacedChart> {
  const place = known.get(chart.hash) ?? fromStore(chart.hash) ?? compute(chart);
  known.set(chart.hash, place);
  place.catch(() => known.delete(chart.hash));
  return place;
}

async function compute(chart: Chart): Promise<PlacedChart> {
  elk ??= startElk();
  const placed = placeChart(chart, await (await elk).layout(elkGraph(chart)));
  keep(placed);
  return placed;
}

async function startElk(): Promise<Elk> {
  const [{ default: ELK }, { default: url }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ]);
  return new ELK({ workerFactory: () => new Worker(url) });
}

function fromStore(hash: string): Promise<PlacedChart> | undefined {
  try {
    const stored = localStorage.getItem(EDITION + hash);
    return stored === null ? undefined : Promise.resolve(JSON.parse(stored));
  } catch {
    return undefined;
  }
}

function keep(placed: PlacedChart): void {
  try {
    localStorage.setItem(EDITION + placed.hash, JSON.stringify(placed));
  } catch {}
}
