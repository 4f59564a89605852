import { signal } from '@preact/signals';
import type { AppEvent } from '../../../src/core/api/events.ts';

/** Whether what becomes of jobs and routines is told live right now. */
export const isWorkLive = signal(false);

const listeners = new Set<(event: AppEvent | undefined) => void>();
let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

const RETRY_MS = 3_000;

/**
 * What becomes of jobs and of runs of routines, from now on; undefined where things may have been missed, so that they
 * are to be read anew. One connection, as long as somebody listens. Returns what ends it.
 */
export function watchWork(listener: (event: AppEvent | undefined) => void): () => void {
  listeners.add(listener);
  if (source === undefined) open();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) close();
  };
}

const TYPES: readonly AppEvent['type'][] = [
  'job_started',
  'job_status',
  'job_message',
  'job_reasoning',
  'job_tool_use',
  'job_tool_result',
  'job_result',
  'job_usage',
];

function open(): void {
  const opened = new EventSource('/api/work/events');
  source = opened;
  opened.addEventListener('heartbeat', () => {
    isWorkLive.value = true;
    tell(undefined);
  });
  for (const type of TYPES) opened.addEventListener(type, ({ data }) => tell(JSON.parse(data)));
  opened.addEventListener('error', () => {
    isWorkLive.value = false;
    // Otherwise the browser tries again by itself.
    if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS);
  });
}

function close(): void {
  clearTimeout(timer);
  source?.close();
  source = undefined;
  isWorkLive.value = false;
}

function tell(event: AppEvent | undefined): void {
  for (const listener of [...listeners]) listener(event);
}
