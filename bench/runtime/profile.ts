import { type HeapProfiler, type Profiler, Session } from 'node:inspector/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';
import { showImmediates } from './visible-immediates.ts';

/** One place in the code and its share of the whole, from 0 to 1. */
export interface Share {
  readonly place: string;
  readonly share: number;
}

/** Where processor time goes while something is done, largest share first. `(program)` is native code. */
export async function profileTime(work: () => Promise<unknown>): Promise<readonly Share[]> {
  using _ = showImmediates();
  const session = open();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const busy = profile.nodes.filter(({ callFrame }) => callFrame.functionName !== '(idle)');
  return sharesOf(busy.map(({ callFrame, hitCount = 0 }) => [placeOf(callFrame), hitCount]));
}

/** Microseconds between samples. */
const INTERVAL_US = 100;

/**
 * Who allocated what was still there when all garbage was collected, largest share first. That it has been given
 * back when the work is done makes no difference.
 */
export async function profileHeap(work: () => Promise<unknown>): Promise<readonly Share[]> {
  const session = open();
  await session.post('HeapProfiler.startSampling', { includeObjectsCollectedByMajorGC: true });
  await work();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  return sharesOf(flatten(profile.head).map(({ callFrame, selfSize }) => [placeOf(callFrame), selfSize]));
}

function open(): Session {
  const session = new Session();
  session.connect();
  return session;
}

function flatten(
  node: HeapProfiler.SamplingHeapProfileNode,
): readonly HeapProfiler.SamplingHeapProfileNode[] {
  return [node, ...node.children.flatMap(flatten)];
}

function placeOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  return `${name}  ${fileOf(url)}:${lineNumber + 1}`;
}

function fileOf(url: string): string {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  return isAbsolute(path) ? relative(PACKAGE_ROOT, path) : path;
}

function sharesOf(weighed: readonly (readonly [place: string, weight: number])[]): readonly Share[] {
  const weights = new Map<string, number>();
  for (const [place, weight] of weighed) weights.set(place, (weights.get(place) ?? 0) + weight);
  const total = weighed.reduce((sum, [, weight]) => sum + weight, 0);
  return [...weights]
    .filter(([, weight]) => weight > 0)
    .map(([place, weight]) => ({ place, share: weight / total }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, LARGEST);
}

const LARGEST = 10;
