import { useEffect, useState } from 'preact/hooks';
import type { ActorView, Chart, SeenTransition, Standing } from '../../../src/core/inspect.ts';
import { api } from '../api.ts';
import { transitions } from './feed.ts';

/** One actor as it is now, kept up with what it does. */
export interface Closely {
  readonly view: ActorView | undefined;
  readonly chart: Chart | undefined;
  readonly standing: Standing | null;
  /** What it did, newest last. */
  readonly recent: readonly SeenTransition[];
  readonly failure: unknown;
}

interface Loaded {
  readonly path: string;
  readonly view?: ActorView;
  readonly chart?: Chart;
  readonly failure?: unknown;
}

/** Looked at again whenever the actor begins a new life. */
export function useClosely(path: string | undefined, incarnation: number | undefined): Closely {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    if (path === undefined) return undefined;
    const stopped = new AbortController();
    load(path, stopped.signal).then(
      (found) => stopped.signal.aborted || setLoaded(found),
      (failure: unknown) => stopped.signal.aborted || setLoaded({ path, failure }),
    );
    return () => stopped.abort();
  }, [path, incarnation]);
  const own = loaded?.path === path ? loaded : undefined;
  const known = own?.view?.recent ?? [];
  const newest = known.at(-1)?.seq ?? 0;
  const live = transitions.value.filter(({ actor, seq }) => actor === path && seq > newest);
  const standing = live.findLast((seen) => seen.standing)?.standing ?? own?.view?.standing ?? null;
  return {
    view: own?.view,
    chart: own?.chart,
    standing,
    recent: [...known, ...live],
    failure: own?.failure,
  };
}

async function load(path: string, signal: AbortSignal): Promise<Loaded> {
  const view = await api<ActorView>('/api/inspect/actor', { query: { path }, signal });
  if (view.chart === null) return { path, view };
  return { path, view, chart: await chartOf(view.chart) };
}

const charts = new Map<string, Promise<Chart>>();

/** A chart never changes, so that it is asked for once. */
function chartOf(hash: string): Promise<Chart> {
  const chart = charts.get(hash) ?? api<Chart>(`/api/inspect/charts/${encodeURIComponent(hash)}`);
  charts.set(hash, chart);
  chart.catch(() => charts.delete(hash));
  return chart;
}
