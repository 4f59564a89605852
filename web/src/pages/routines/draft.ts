import type {
  RoutineActionShape,
  RoutineDetail,
  RoutineTriggerShape,
} from '../../../../src/core/api/routines.ts';
import { ownZone } from './words.ts';

/** What the form holds: texts, as they are typed. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly prompt: string;
  readonly kind: RoutineTriggerShape['kind'];
  readonly schedule: string;
  readonly timezone: string;
  readonly pattern: string;
  readonly channel: string;
  readonly source: string;
  readonly eventType: string;
  readonly filters: string;
  readonly path: string;
  readonly secret: string;
  readonly proof: 'secret' | 'hmac';
  readonly mode: RoutineActionShape['kind'];
  readonly useTools: boolean;
  readonly runMode: RoutineDetail['guardrails']['run_mode'];
  readonly catchUp: RoutineDetail['guardrails']['catch_up'];
  readonly cooldown: string;
  readonly jitter: string;
  readonly disableAfter: string;
  readonly dayUsd: string;
  readonly onSuccess: boolean;
}

const EMPTY: Draft = {
  name: '',
  description: '',
  prompt: '',
  kind: 'cron',
  schedule: '0 9 * * *',
  timezone: '',
  pattern: '',
  channel: '',
  source: '',
  eventType: '',
  filters: '',
  path: '',
  secret: '',
  proof: 'secret',
  mode: 'lightweight',
  useTools: true,
  runMode: 'single',
  catchUp: 'once',
  cooldown: '',
  jitter: '',
  disableAfter: '',
  dayUsd: '',
  onSuccess: false,
};

export function draftOf(routine: RoutineDetail | undefined): Draft {
  if (routine === undefined) return { ...EMPTY, timezone: ownZone() };
  const { name, description, trigger, action, guardrails, notify } = routine;
  return {
    ...EMPTY,
    name,
    description,
    prompt: action.prompt,
    kind: trigger.kind,
    ...fieldsOf(trigger),
    mode: action.kind,
    useTools: action.kind === 'full_job' || (action.use_tools ?? true),
    runMode: guardrails.run_mode,
    catchUp: guardrails.catch_up,
    cooldown: String(guardrails.cooldown_secs),
    jitter: String(guardrails.jitter_secs),
    disableAfter: String(guardrails.disable_after),
    dayUsd: guardrails.day_usd === 0 ? '' : String(guardrails.day_usd),
    onSuccess: notify.on_success,
  };
}

function fieldsOf(trigger: RoutineTriggerShape): Partial<Draft> {
  switch (trigger.kind) {
    case 'cron':
      return { schedule: trigger.schedule, timezone: trigger.timezone };
    case 'event':
      return { pattern: trigger.pattern, channel: trigger.channel ?? '' };
    case 'system_event': {
      const filters = Object.entries(trigger.filters).map(([name, value]) => `${name}=${value}`);
      return { source: trigger.source, eventType: trigger.event_type, filters: filters.join('\n') };
    }
    case 'webhook':
      return { path: trigger.path, secret: trigger.secret, proof: trigger.proof };
    case 'manual':
      return {};
  }
}

/** As the API takes it. The name is fixed once there is a routine of it. */
export function bodyOf(draft: Draft, isNew: boolean): object {
  return {
    ...(isNew && { name: draft.name.trim() }),
    description: draft.description.trim(),
    trigger: triggerOf(draft),
    action: {
      kind: draft.mode,
      prompt: draft.prompt.trim(),
      ...(draft.mode === 'lightweight' && { use_tools: draft.useTools }),
    },
    guardrails: {
      run_mode: draft.runMode,
      catch_up: draft.catchUp,
      ...numberIn('cooldown_secs', draft.cooldown),
      ...numberIn('jitter_secs', draft.jitter),
      ...numberIn('disable_after', draft.disableAfter),
      day_usd: dollarsIn(draft.dayUsd),
    },
    notify: { on_success: draft.onSuccess },
  };
}

function triggerOf(draft: Draft): RoutineTriggerShape {
  const { kind, schedule, timezone, pattern, channel, source, path, secret, proof } = draft;
  switch (kind) {
    case 'cron':
      return { kind, schedule: schedule.trim(), timezone: timezone.trim() };
    case 'event':
      return { kind, pattern, channel: channel.trim() === '' ? null : channel.trim() };
    case 'system_event':
      return {
        kind,
        source: source.trim(),
        event_type: draft.eventType.trim(),
        filters: filtersIn(draft.filters),
      };
    case 'webhook':
      return { kind, path: path.trim(), secret: secret.trim(), proof };
    case 'manual':
      return { kind };
  }
}

/** A line each, `name=value`. */
function filtersIn(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at <= 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
}

/** What was left empty, or is no number, is left as it is. */
const numberIn = (name: string, text: string): object =>
  /^\d{1,9}$/.test(text.trim()) ? { [name]: Number(text) } : {};

/** Nothing is no limit. What is no number is sent as it is: the answer says what is wrong with it. */
function dollarsIn(text: string): number | string {
  const typed = text.trim().replace(',', '.');
  return Number.isNaN(Number(typed)) ? typed : Number(typed);
}

export const isComplete = ({ name, prompt }: Draft): boolean => name.trim() !== '' && prompt.trim() !== '';
