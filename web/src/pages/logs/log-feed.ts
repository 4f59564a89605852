import { type ReadonlySignal, signal } from '@preact/signals';
import type { LogLine } from '../../../../src/core/api/logs.ts';
import { t } from '../../i18n.ts';

/** The log of the running assistant, as far as this page holds it. */
export interface LogFeed {
  /** Oldest first; at most so many as `MOST_LINES`. */
  readonly lines: ReadonlySignal<readonly LogLine[]>;
  readonly isLive: ReadonlySignal<boolean>;
  /** Lines that came while it is held, and are shown when it goes on. */
  readonly held: ReadonlySignal<number>;
  hold(on: boolean): void;
  /** Empties the page; the log itself stays. */
  clear(): void;
  close(): void;
}

/** What is older leaves the page: some 2 MB. */
const MOST_LINES = 2_000;
const RETRY_MS = 3_000;

/** Said in the place of lines that came faster than this page could take them. */
function missed({ count }: { readonly count: number }, after: string): LogLine {
  const message = t('{count} lines came too fast and are missing here.', { count });
  return {
    id: `${after}+`,
    at: new Date().toISOString(),
    level: 'warn',
    target: 'page',
    message,
    fields: {},
  };
}

/** Opens the log, and again whenever the connection ends; lines that were missed are sent by then, so far as kept. */
export function openLogFeed(address = '/api/logs/events'): LogFeed {
  const lines = signal<readonly LogLine[]>([]);
  const isLive = signal(false);
  const held = signal(0);
  let isHeld = false;
  let waiting: LogLine[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = '';
  let source = open();

  // Many lines of one moment are drawn at once.
  function show(): void {
    frame = 0;
    if (isHeld) {
      held.value = waiting.length;
      return;
    }
    lines.value = [...lines.peek(), ...waiting].slice(-MOST_LINES);
    waiting = [];
    held.value = 0;
  }

  function take(line: LogLine): void {
    if (line.id === last) return;
    if (!line.id.endsWith('+')) last = line.id;
    waiting.push(line);
    if (waiting.length > MOST_LINES) waiting.shift();
    frame ||= requestAnimationFrame(show);
  }

  function open(): EventSource {
    const url = last === '' ? address : `${address}?last_event_id=${encodeURIComponent(last)}`;
    const opened = new EventSource(url);
    opened.addEventListener('open', () => {
      isLive.value = true;
    });
    opened.addEventListener('log', ({ data }) => take(JSON.parse(data)));
    opened.addEventListener('missed', ({ data }) => take(missed(JSON.parse(data), last)));
    opened.addEventListener('error', () => {
      isLive.value = false;
      // Otherwise the browser tries again by itself.
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(() => {
        source = open();
      }, RETRY_MS);
    });
    return opened;
  }

  return {
    lines,
    isLive,
    held,
    hold(on) {
      isHeld = on;
      show();
    },
    clear() {
      waiting = [];
      lines.value = [];
      held.value = 0;
    },
    close() {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      source.close();
    },
  };
}
