import type { RoutineAction, RoutineTrigger } from '../core/routines.ts';
import { scheduleWords } from './schedule/schedule-words.ts';

/** What triggers it, in a few words. */
export function triggerWords(trigger: RoutineTrigger): string {
  switch (trigger.kind) {
    case 'cron':
      return `${scheduleWords(trigger.schedule) ?? trigger.schedule} (${trigger.timezone})`;
    case 'event':
      return `a message that fits /${trigger.pattern}/${trigger.channel ? ` on ${trigger.channel}` : ''}`;
    case 'system_event':
      return `the event ${trigger.eventType} of ${trigger.source}${filterWords(trigger.filters)}`;
    case 'webhook':
      return `a call of /api/webhooks/${trigger.path}`;
    case 'manual':
      return 'by hand';
  }
}

function filterWords(filters: Readonly<Record<string, string>>): string {
  const words = Object.entries(filters).map(([field, value]) => `${field}=${value}`);
  return words.length > 0 ? ` with ${words.join(', ')}` : '';
}

const LONGEST = 120;

/** What it does, in a line. */
export function actionWords(action: RoutineAction): string {
  const words = action.kind === 'lightweight' ? action.prompt : `the job "${action.title}"`;
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
