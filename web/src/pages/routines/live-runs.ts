import { useEffect, useRef } from 'preact/hooks';

const RETRY_MS = 3_000;

/**
 * Calls `work` when a run of a routine began or ended, and whenever something may have been missed: after the
 * connection was lost, and when the user comes back to the tab.
 */
export function useLiveRuns(work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    const tell = () => latest.current();
    const onReturn = () => !document.hidden && tell();
    const close = listen(tell);
    document.addEventListener('visibilitychange', onReturn);
    return () => {
      document.removeEventListener('visibilitychange', onReturn);
      close();
    };
  }, []);
}

function listen(tell: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;
  let source = open();

  function open(): EventSource {
    const opened = new EventSource('/api/work/events');
    opened.addEventListener('open', () => {
      if (wasLost) tell();
      wasLost = false;
    });
    opened.addEventListener('routine_run', tell);
    opened.addEventListener('error', () => {
      wasLost = true;
      // Otherwise the browser tries again by itself.
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(() => {
        source = open();
      }, RETRY_MS);
    });
    return opened;
  }

  return () => {
    clearTimeout(timer);
    source.close();
  };
}
