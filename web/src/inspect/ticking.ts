import { useEffect, useState } from 'preact/hooks';
import { serverNow } from './feed.ts';

/** The server's time, milliseconds since 1970, read again every `everyMs`. */
export function useNow(everyMs = 100): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
