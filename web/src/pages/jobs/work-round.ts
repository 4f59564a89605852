import { useEffect, useState } from 'preact/hooks';
import type { AppEvent } from '../../../../src/core/api/events.ts';
import { watchWork } from '../work-feed.ts';

/** What happens within so long is read at once. */
const GATHER_MS = 300;

/**
 * A number that is another whenever jobs should be read anew: one came into another state, or news may have been missed.
 *
 * @param concerns which events count; those that tell of a state unless given
 */
export function useWorkRound(concerns: (event: AppEvent) => boolean = tellsState): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = watchWork((event) => {
      if (timer !== undefined || (event !== undefined && !concerns(event))) return;
      timer = setTimeout(() => {
        timer = undefined;
        setRound((round) => round + 1);
      }, GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  return round;
}

const tellsState = (event: AppEvent): boolean => event.type === 'job_status' && event.job !== undefined;
