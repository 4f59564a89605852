import type Dockerode from 'dockerode';
import type { ContainerStats } from '../containers.ts';

/** What the daemon says that a container takes. Undefined for a sample of one that has ended. */
export function statsOf(told: Dockerode.ContainerStats): ContainerStats | undefined {
  const { memory_stats: memory, pids_stats: pids } = told;
  if (memory.usage === undefined) return undefined;
  return {
    // Without what the kernel keeps only because there is room.
    memoryBytes: Math.max(0, memory.usage - (memory.stats?.inactive_file ?? 0)),
    memoryLimitBytes: memory.limit,
    cpuPercent: cpuPercentOf(told),
    processes: pids?.current ?? 0,
    processLimit: pids?.limit ?? null,
    disk: diskOf(told.blkio_stats?.io_service_bytes_recursive),
  };
}

/** The first sample of a stream has none before it to be compared with. */
function cpuPercentOf({ cpu_stats: now, precpu_stats: before }: Dockerode.ContainerStats): number {
  if (before.system_cpu_usage === undefined) return 0;
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = now.system_cpu_usage - before.system_cpu_usage;
  return passed > 0 ? (used / passed) * now.online_cpus * 100 : 0;
}

/** One entry for each device and direction; control groups of the first version write them with capitals. */
function diskOf(
  entries: readonly { readonly op: string; readonly value: number }[] | null | undefined,
): ContainerStats['disk'] {
  if (!entries || entries.length === 0) return null;
  const total = (direction: string): number =>
    entries.reduce((sum, { op, value }) => (op.toLowerCase() === direction ? sum + value : sum), 0);
  return { read: total('read'), written: total('write') };
}
