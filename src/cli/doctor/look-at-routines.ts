import { RoutinesSummaryReply } from '../../core/api/routines.ts';
import type { ApiClient } from '../../gateway/index.ts';
import { latenessText } from '../routines/text.ts';
import { type Finding, warning, well } from './finding.ts';

const HOW_TO_SPREAD =
  'Let more run at once (routines.max_concurrent), or spread their times (ironbark routines edit NAME --schedule). Which were late: ironbark notifications';

/** Whether routines begin when they are due. */
export async function lookAtRoutines(api: ApiClient): Promise<Finding> {
  const { lateness } = await api.get('/api/routines/summary', RoutinesSummaryReply);
  const [text] = latenessText(lateness);
  if (text === undefined) return well('routines', 'None was due in the last 24 hours.');
  const { p99_ms, alarm_ms } = lateness;
  return alarm_ms > 0 && p99_ms > alarm_ms
    ? warning('routines', text, HOW_TO_SPREAD)
    : well('routines', text);
}
