import { useEffect, useState } from 'preact/hooks';
import type { RoutineExplainReply } from '../../../../src/core/api/routines.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { dayAndTime, ownZone } from './words.ts';

/** So long after the last key the server is asked. */
const QUIET_MS = 250;

interface ScheduleFactsProps {
  readonly schedule: string;
  readonly timezone: string;
}

/** What a schedule means, while it is typed: its next times, or why there are none. */
export function ScheduleFacts({ schedule, timezone }: ScheduleFactsProps) {
  const [explained, setExplained] = useState<RoutineExplainReply>();
  useEffect(() => {
    const ending = new AbortController();
    const timer = setTimeout(() => {
      api<RoutineExplainReply>('/api/routines/explain', {
        query: { schedule, timezone: timezone.trim() },
        signal: ending.signal,
      }).then(setExplained, () => {});
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [schedule, timezone]);
  return (
    <div class="routine-explained" aria-live="polite">
      {explained && <Explained explained={explained} />}
    </div>
  );
}

function Explained({
  explained: { possible, next_times, remark },
}: {
  readonly explained: RoutineExplainReply;
}) {
  if (!possible) return <p class="routine-impossible">{remark}</p>;
  return (
    <>
      <p class="quiet small">{t('Next times, in your time zone ({zone}):', { zone: ownZone() })}</p>
      <ol class="routine-times">
        {next_times.map((at) => (
          <li key={at}>{dayAndTime(at)}</li>
        ))}
      </ol>
      {remark !== undefined && <p class="small">{remark}</p>}
    </>
  );
}
