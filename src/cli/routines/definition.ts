import type { RoutineActionShape, RoutineDetail, RoutineTriggerShape } from '../../core/api/routines.ts';
import { IronbarkError } from '../../core/errors.ts';

/** The options by which a routine is described, of `create` and `edit` alike. */
export interface DefinitionFlags {
  readonly description?: string;
  readonly schedule?: string;
  readonly timezone?: string;
  readonly pattern?: string;
  readonly channel?: string;
  readonly event?: string;
  readonly filter?: readonly string[];
  readonly webhook?: string;
  readonly secret?: string;
  readonly hmac?: true;
  readonly manual?: true;
  readonly job?: true;
  readonly context?: readonly string[];
  /** False with `--no-tools`. */
  readonly tools?: boolean;
  readonly rounds?: string;
  readonly cooldown?: string;
  readonly whileRunning?: string;
  readonly catchUp?: string;
  readonly jitter?: string;
  readonly disableAfter?: string;
  readonly onSuccess?: true;
  readonly budget?: string;
}

/** Undefined where none of the options says what starts it. */
export function triggerOf(
  flags: DefinitionFlags,
  before?: RoutineTriggerShape,
): RoutineTriggerShape | undefined {
  const { schedule, timezone, pattern, event, webhook, manual } = flags;
  const given = { '--schedule': schedule, '--pattern': pattern, '--event': event, '--webhook': webhook };
  const said = Object.entries({ ...given, '--manual': manual }).filter(([, value]) => value !== undefined);
  if (said.length > 1)
    throw new IronbarkError('usage', `Say one of ${said.map(([name]) => name).join(' and ')}, not both.`);
  if (schedule !== undefined) return { kind: 'cron', schedule, timezone: timezone ?? zoneOf(before) };
  if (pattern !== undefined) return { kind: 'event', pattern, channel: flags.channel ?? null };
  if (event !== undefined) return eventOf(event, flags.filter ?? []);
  if (webhook !== undefined) return webhookOf(webhook, flags);
  if (manual) return { kind: 'manual' };
  return timezone !== undefined && before?.kind === 'cron' ? { ...before, timezone } : undefined;
}

const zoneOf = (before: RoutineTriggerShape | undefined): string =>
  before?.kind === 'cron' ? before.timezone : '';

function eventOf(event: string, filters: readonly string[]): RoutineTriggerShape {
  const [, source, type] = /^([^/]+)\/(.+)$/.exec(event) ?? [];
  if (source === undefined || type === undefined)
    throw new IronbarkError('usage', `--event is SOURCE/TYPE, as in github/issue, not "${event}".`);
  return { kind: 'system_event', source, event_type: type, filters: filtersOf(filters) };
}

function filtersOf(filters: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    filters.map((filter) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(filter) ?? [];
      if (name === undefined || value === undefined)
        throw new IronbarkError('usage', `--filter is NAME=VALUE, not "${filter}".`);
      return [name, value];
    }),
  );
}

function webhookOf(path: string, { secret, hmac }: DefinitionFlags): RoutineTriggerShape {
  if (secret === undefined)
    throw new IronbarkError(
      'usage',
      'A webhook needs --secret, the name of the secret that callers prove to know.',
      'Set it first: ironbark secrets set NAME',
    );
  return { kind: 'webhook', path: path.replace(/^\/+/, ''), secret, proof: hmac ? 'hmac' : 'secret' };
}

/** Undefined where nothing was said about what it does. */
export function actionOf(
  prompt: string | undefined,
  flags: DefinitionFlags,
  before?: RoutineDetail,
): RoutineActionShape | undefined {
  const { job, context, tools, rounds } = flags;
  if ([prompt, job, context, rounds].every((said) => said === undefined) && tools !== false) return undefined;
  const words = prompt ?? before?.action.prompt ?? '';
  if (job || (before?.action.kind === 'full_job' && context === undefined))
    return { kind: 'full_job', prompt: words };
  return {
    kind: 'lightweight',
    prompt: words,
    ...(context !== undefined && { context_paths: context }),
    ...(tools === false && { use_tools: false }),
    ...(rounds !== undefined && { max_tool_rounds: numberOf(rounds, '--rounds', 1, 20) }),
  };
}

export function settingsOf(flags: DefinitionFlags): object {
  const { cooldown, whileRunning, catchUp, jitter, disableAfter, onSuccess, budget } = flags;
  const guardrails = {
    ...(cooldown !== undefined && { cooldown_secs: numberOf(cooldown, '--cooldown', 0, 31_536_000) }),
    ...(whileRunning !== undefined && { run_mode: whileRunning }),
    ...(catchUp !== undefined && { catch_up: catchUp }),
    ...(jitter !== undefined && { jitter_secs: numberOf(jitter, '--jitter', 0, 86_400) }),
    ...(disableAfter !== undefined && {
      disable_after: numberOf(disableAfter, '--disable-after', 0, 1_000),
    }),
    ...(budget !== undefined && { day_usd: budgetOf(budget) }),
  };
  return {
    ...(Object.keys(guardrails).length > 0 && { guardrails }),
    ...(onSuccess && { notify: { on_success: true } }),
  };
}

function budgetOf(text: string): number {
  const usd = Number(text);
  if (/^\d+(\.\d+)?$|^\.\d+$/.test(text) && usd <= 1_000_000) return usd;
  throw new IronbarkError(
    'usage',
    `--budget is an amount of US dollars, such as 0.50, or 0 for no limit, not "${text}".`,
  );
}

export function numberOf(text: string, option: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
  throw new IronbarkError(
    'usage',
    `${option} must be a whole number from ${least} to ${most}, not "${text}".`,
  );
}
