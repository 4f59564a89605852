import { type FSWatcher, watch } from 'node:fs';
import type { Survey } from './tool-survey.ts';

export interface FolderWatchOptions {
  readonly settleMs: number;
  readonly pollMs: number;
  readonly survey: () => Promise<Survey>;
  /** What the last scan took in, and how many there were: what it left out becomes news again. */
  readonly lastScan: () => { readonly seen: Survey; readonly scans: number };
  readonly onChange: () => void;
}

/**
 * Calls back once for every state of the folder that no scan has seen, when its changes have settled: two looks,
 * `settleMs` apart, found the same. One file that is long in the writing does not hold up the others. The system's
 * reports only bring the next look forward; network folders send none, and some are lost, so there is a slow poll.
 */
export function watchFolder(path: string, options: FolderWatchOptions): { close(): void } {
  const { settleMs, pollMs, survey, lastScan, onChange } = options;
  let last: Survey = new Map();
  let reported = '';
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let looking = false;
  let closed = false;

  function lookWithin(ms: number): void {
    const at = performance.now() + ms;
    if (closed || looking || at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(look, ms).unref();
  }

  async function look(): Promise<void> {
    looking = true;
    const before = lastScan().scans;
    // A folder that cannot be read now is looked at again.
    const now = await survey().catch(() => last);
    looking = false;
    due = Number.POSITIVE_INFINITY;
    if (closed) return;
    watcher ??= listen();
    const moving = differing(now, last);
    last = now;
    const { seen, scans } = lastScan();
    // A scan in the meantime may know more than this look.
    if (scans !== before) return lookWithin(settleMs);
    const news = differing(now, seen).filter((file) => !moving.includes(file));
    const state = JSON.stringify([scans, news.map((file) => [file, now.get(file) ?? null])]);
    const fresh = news.length > 0 && state !== reported;
    // After a report too: a scan that came a moment too early for a file must not cost a whole poll.
    lookWithin(moving.length > 0 || fresh ? settleMs : pollMs);
    if (!fresh) return;
    reported = state;
    onChange();
  }

  /** Undefined where there is no folder yet, or the system cannot watch it. */
  function listen(): FSWatcher | undefined {
    try {
      const made = watch(path, { persistent: false }, () => lookWithin(settleMs));
      made.on('error', stopListening);
      return made;
    } catch {
      return undefined;
    }
  }

  function stopListening(): void {
    watcher?.close();
    watcher = undefined;
  }

  lookWithin(0);
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      stopListening();
    },
  };
}

function differing(one: Survey, other: Survey): readonly string[] {
  const files = new Set([...one.keys(), ...other.keys()]);
  return [...files].filter((file) => one.get(file) !== other.get(file));
}
