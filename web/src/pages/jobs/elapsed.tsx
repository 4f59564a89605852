import { useEffect, useState } from 'preact/hooks';
import type { JobInfo } from '../../../../src/core/api/jobs.ts';
import { duration } from '../../format.ts';

/** How long a job took, or has been at work; then it counts on. */
export function Elapsed({ job }: { readonly job: JobInfo }) {
  const { started_at: from, completed_at: to } = job;
  const now = useNow(from !== undefined && to === undefined);
  if (from === undefined) return <>—</>;
  return <>{duration(Math.max(0, (to === undefined ? now : Date.parse(to)) - Date.parse(from)))}</>;
}

const TICK_MS = 1_000;

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => document.hidden || setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
