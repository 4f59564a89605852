import { err, ok, type Result } from '../core/result.ts';
import type { RoutineTrigger } from '../core/routines.ts';
import { compilePattern } from '../hooks/index.ts';
import { explainSchedule } from './schedule/explain-schedule.ts';
import { readSchedule } from './schedule/schedule.ts';

/** A trigger that can be, with what a person should know of it; times as in `explainSchedule`. */
export interface CheckedTrigger {
  readonly trigger: RoutineTrigger;
  readonly remark: string | null;
}

/**
 * Checks a trigger before it is kept. The error says what is wrong and what to do instead.
 *
 * @param timezone the user's, for schedules that name none
 */
export async function checkTrigger(
  trigger: RoutineTrigger,
  timezone: string,
  now: number,
): Promise<Result<CheckedTrigger, string>> {
  switch (trigger.kind) {
    case 'cron':
      return checkSchedule(trigger.schedule, trigger.timezone.trim() || timezone, now);
    case 'event':
      return checkPattern(trigger.pattern, trigger.channel?.trim() || null);
    case 'system_event':
      return trigger.source.trim() === '' || trigger.eventType.trim() === ''
        ? err('A system event is named by its source and its type, for example ironbark and job.failed.')
        : ok({ trigger, remark: null });
    case 'webhook':
      return checkWebhook(trigger);
    case 'manual':
      return ok({ trigger, remark: null });
  }
}

function checkSchedule(text: string, timezone: string, now: number): Result<CheckedTrigger, string> {
  const explained = explainSchedule(text, timezone, now);
  if (!explained.ok) return err(explained.message);
  const read = readSchedule(text, timezone);
  if (!read.ok) return err(read.error);
  const trigger = { kind: 'cron', schedule: text.trim(), timezone: read.value.zone.name } as const;
  return ok({ trigger, remark: explained.remark });
}

/**
 * Characters. Time grows with pattern times text; a pattern of this size takes some 50 ms for 8,000 characters at
 * worst, after which others have their turn.
 */
const LONGEST_PATTERN = 500;

async function checkPattern(source: string, channel: string | null): Promise<Result<CheckedTrigger, string>> {
  if (source === '') return err('A pattern is needed: a regular expression that a message must fit.');
  if (source.length > LONGEST_PATTERN) {
    return err(`The pattern has ${source.length} characters; ${LONGEST_PATTERN} is the most.`);
  }
  const pattern = await compilePattern(source);
  if (!pattern.ok) {
    return err(`The pattern is no regular expression of RE2 (which has no look-around): ${pattern.error}`);
  }
  const remark = (await pattern.value.fits('')) ? 'It fits every message.' : null;
  return ok({ trigger: { kind: 'event', pattern: source, channel }, remark });
}

function checkWebhook(trigger: Extract<RoutineTrigger, { kind: 'webhook' }>): Result<CheckedTrigger, string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(trigger.path)) {
    return err('The path of a webhook is one word of letters, digits, dots, hyphens and underscores.');
  }
  if (trigger.secret.trim() === '') return err('A webhook needs a secret: name one that is stored.');
  return ok({ trigger, remark: null });
}
