import { useEffect, useState } from 'preact/hooks';
import type { JobUsageInfo } from '../../../../src/core/api/jobs.ts';
import { bytes, count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Facts } from '../facts.tsx';
import { watchWork } from '../work-feed.ts';

/** What the container of a job takes right now. Nothing until it is told, as for a job that works in no container. */
export function Usage({ id }: { readonly id: string }) {
  const usage = useUsage(id);
  if (usage === undefined) return null;
  const { read_bytes: read, written_bytes: written } = usage;
  const hasDisk = read !== undefined && written !== undefined;
  return (
    <Facts
      facts={[
        [t('Memory'), `${bytes(usage.memory_bytes)} / ${bytes(usage.memory_limit_bytes)}`],
        [t('Processor'), t('{percent} % of a core', { percent: count(Math.round(usage.cpu_percent)) })],
        [t('Processes'), of(usage.processes, usage.process_limit)],
        ...(hasDisk ? [[t('Disk read / written'), `${bytes(read)} / ${bytes(written)}`] as const] : []),
      ]}
    />
  );
}

const of = (value: number, limit: number | undefined): string =>
  limit === undefined ? count(value) : `${count(value)} / ${count(limit)}`;

function useUsage(id: string): JobUsageInfo | undefined {
  const [usage, setUsage] = useState<JobUsageInfo>();
  useEffect(
    () =>
      watchWork((event) => {
        if (event?.type === 'job_usage' && event.job_id === id) setUsage(event.usage);
      }),
    [id],
  );
  return usage;
}
