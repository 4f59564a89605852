import type { z } from 'zod';
import { formatUsd, microUsdOf } from '../../budget/index.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { FULL_JOB_LIMITS, LIGHTWEIGHT, promptOf } from '../../core/routine-actions.ts';
import type {
  RoutineAction,
  RoutineGuardrails,
  RoutineNotify,
  RoutineStatus,
  RoutineTrigger,
} from '../../core/routines.ts';
import { readAdvanced, type routineFields } from './routine-fields.ts';

type Fields = { readonly [K in keyof typeof routineFields]?: z.output<(typeof routineFields)[K]> };
/** What was said of a routine, by its name and with the words that it is to give the model. */
export type Said = Fields & { readonly name: string; readonly prompt?: string | undefined };
type Kind = NonNullable<Fields['kind']>;

/** What starts the routine: as said, and where nothing was said as it was. An error says what is missing. */
export function triggerOf(said: Said, before?: RoutineTrigger): Result<RoutineTrigger, string> {
  const kind = kindOf(said, before);
  const kept = before?.kind === kind ? before : undefined;
  switch (kind) {
    case 'cron': {
      const schedule = said.schedule ?? (kept?.kind === 'cron' ? kept.schedule : '');
      if (schedule === '') return missing('schedule', 'a cron expression such as 0 9 * * 1-5');
      return ok({ kind, schedule, timezone: said.timezone ?? (kept?.kind === 'cron' ? kept.timezone : '') });
    }
    case 'event': {
      const pattern = said.pattern ?? (kept?.kind === 'event' ? kept.pattern : '');
      if (pattern === '') return missing('pattern', 'a regular expression on messages');
      return ok({ kind, pattern, channel: said.channel ?? (kept?.kind === 'event' ? kept.channel : null) });
    }
    case 'system_event':
      return systemEventOf(said, kept?.kind === 'system_event' ? kept : undefined);
    case 'webhook':
      return webhookOf(said, kept?.kind === 'webhook' ? kept : undefined);
    case 'manual':
      return ok({ kind });
  }
}

type Of<K extends RoutineTrigger['kind']> = Extract<RoutineTrigger, { kind: K }>;

function systemEventOf(said: Said, kept: Of<'system_event'> | undefined): Result<RoutineTrigger, string> {
  const source = said.source ?? kept?.source ?? '';
  const eventType = said.event_type ?? kept?.eventType ?? '';
  if (source === '') return missing('source', 'who emits the event');
  if (eventType === '') return missing('event_type', 'which event of that source');
  const filters = said.filters === undefined ? (kept?.filters ?? {}) : textsOf(said.filters);
  return ok({ kind: 'system_event', source, eventType, filters });
}

function webhookOf(said: Said, kept: Of<'webhook'> | undefined): Result<RoutineTrigger, string> {
  const path = (said.path ?? kept?.path ?? '').replace(/^\/+|\/+$/g, '');
  const secret = said.secret ?? kept?.secret ?? '';
  if (path === '') return missing('path', 'the last part of its address');
  if (secret === '')
    return missing('secret', 'the name of a stored secret, which the user sets and callers prove to know');
  return ok({ kind: 'webhook', path, secret, proof: kept?.proof ?? 'secret' });
}

const missing = (field: string, what: string) => err(`The argument "${field}" is missing: ${what}.`);

function kindOf(said: Said, before: RoutineTrigger | undefined): RoutineTrigger['kind'] {
  if (said.kind !== undefined) return KINDS[said.kind];
  if (said.schedule !== undefined) return 'cron';
  if (said.pattern !== undefined) return 'event';
  if (said.source !== undefined || said.event_type !== undefined) return 'system_event';
  if (said.path !== undefined) return 'webhook';
  return before?.kind ?? 'manual';
}

const KINDS: Readonly<Record<Kind, RoutineTrigger['kind']>> = {
  cron: 'cron',
  message_event: 'event',
  system_event: 'system_event',
  webhook: 'webhook',
  manual: 'manual',
};

const MAX_TEXTS = 64;
const MAX_TEXT_LENGTH = 8_192;

/** The values as texts, as filters and payloads have them. */
export function textsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .slice(0, MAX_TEXTS)
      .map(([name, value]) => [
        name,
        (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, MAX_TEXT_LENGTH),
      ]),
  );
}

export function actionOf(said: Said, before?: RoutineAction): RoutineAction {
  const prompt = said.prompt ?? (before ? promptOf(before) : '');
  const mode = said.mode ?? before?.kind ?? 'lightweight';
  const advanced = advancedOf(said);
  if (mode === 'full_job') {
    const kept = before?.kind === 'full_job' ? before : undefined;
    const limits = kept?.limits ?? FULL_JOB_LIMITS;
    return {
      kind: 'full_job',
      title: kept?.title ?? said.name,
      description: prompt,
      limits: { ...limits, iterations: advanced.max_iterations ?? limits.iterations },
      tools: kept?.tools ?? null,
    };
  }
  const kept = before?.kind === 'lightweight' ? before : { ...LIGHTWEIGHT, kind: 'lightweight' as const };
  return {
    ...kept,
    prompt,
    contextPaths: said.context_paths ?? kept.contextPaths,
    useTools: said.use_tools ?? kept.useTools,
    maxToolRounds: said.max_tool_rounds ?? kept.maxToolRounds,
    maxTokens: advanced.max_tokens ?? kept.maxTokens,
  };
}

export function guardrailsOf(said: Said): Partial<RoutineGuardrails> {
  const advanced = advancedOf(said);
  return given({
    cooldownSeconds: advanced.cooldown_secs,
    runMode: advanced.run_mode,
    maxConcurrent: advanced.max_concurrent,
    dedupSeconds: advanced.dedup_secs,
    catchUp: advanced.catch_up,
    jitterSeconds: advanced.jitter_secs,
    disableAfter: advanced.disable_after,
    timeoutMinutes: advanced.timeout_minutes,
    dayMicroUsd: advanced.day_usd === undefined ? undefined : microUsdOf(advanced.day_usd),
  });
}

export function notifyOf(said: Said): Partial<RoutineNotify> {
  const { on_success, on_attention, on_failure } = advancedOf(said);
  return given({ onSuccess: on_success, onAttention: on_attention, onFailure: on_failure });
}

/** It came as JSON: what is in it is. */
const advancedOf = ({ advanced }: Said) =>
  readAdvanced(advanced && (JSON.parse(JSON.stringify(advanced)) satisfies JsonObject));

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(values: T): Given<T>;
function given(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Whether anything was said about what starts it, or about what it does. */
export const saysTrigger = (said: Said): boolean =>
  [said.kind, said.schedule, said.timezone, said.pattern, said.channel, said.source]
    .concat([said.event_type, said.path, said.secret])
    .some((value) => value !== undefined) || said.filters !== undefined;

export const saysAction = (said: Said): boolean =>
  [said.prompt, said.mode, said.context_paths, said.use_tools, said.max_tool_rounds].some(
    (value) => value !== undefined,
  ) || ['max_tokens', 'max_iterations'].some((name) => said.advanced !== undefined && name in said.advanced);

/** A limit is the user's word: a model may set one where none is, or lower it. Undefined where it does no more. */
export function limitRefusal(said: Said, { name, guardrails }: RoutineStatus): string | undefined {
  const { dayMicroUsd: asked } = guardrailsOf(said);
  const { dayMicroUsd: limit } = guardrails;
  if (asked === undefined || limit === 0 || (asked > 0 && asked <= limit)) return undefined;
  return `The runs of "${name}" may cost ${formatUsd(limit)} a day. You may lower that; only the user can raise or remove it: ironbark routines edit NAME --budget AMOUNT.`;
}

/** Names of routines, for one that there is not. */
export function unknownRoutine(name: string, all: readonly RoutineStatus[]): string {
  const asked = `There is no routine "${name.slice(0, 100)}".`;
  if (all.length === 0) return `${asked} There are none yet: routine_create makes one.`;
  const names = all.slice(0, 20).map((routine) => `"${routine.name}"`);
  return `${asked} There are: ${names.join(', ')}${all.length > 20 ? ', …' : ''}.`;
}
