import { readFile } from 'node:fs/promises';

/** How often the builder's memory is read. QuickJS fills about 100 MiB in that time. */
const PERIOD_MS = 50;

/**
 * Calls `exceeded` once when a process holds more than `maxBytes` of real memory. Linux only: elsewhere, without
 * `/proc`, the deadline alone bounds a bomb. Returns what ends the watch.
 */
export function watchMemory(pid: number, maxBytes: number, exceeded: () => void): () => void {
  const look = async (): Promise<void> => {
    if ((await residentBytes(pid)) <= maxBytes) return;
    clearInterval(timer);
    exceeded();
  };
  const timer = setInterval(() => void look(), PERIOD_MS);
  return () => clearInterval(timer);
}

/** Zero where it cannot be told: the process has ended, or there is no `/proc`. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kibibytes) * 1024;
}
