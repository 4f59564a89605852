import { z } from 'zod';
import { localTime } from '../../core/local-time.ts';
import type { RoutinesDesk } from '../../core/routines.ts';
import { defineTool } from '../define-tool.ts';
import type { Target, Tool, ToolContext, ToolOutput } from '../tool.ts';
import { actionOf, guardrailsOf, notifyOf, type Said, triggerOf } from './routine-definition.ts';
import { routineFields, toldOnly, withGroupedArguments } from './routine-fields.ts';
import { routineText } from './routine-text.ts';

/** A routine acts when nobody looks: making one is asked about, and whose words made it goes with every run. */
export function routineCreateTool(desk: RoutinesDesk): Tool {
  const tool = defineTool({
    name: 'routine_create',
    description:
      'Have something done by itself: at times, when something happens, or when its webhook is called. Each run sees only the prompt. Tell the user the next times.',
    schema: z.object({ name: z.string().min(1).max(100), prompt: z.string().min(1), ...routineFields }),
    effect: 'idempotent',
    approval: 'unless-granted',
    powers: ['changes'],
    targets: ({ name }) => [routineTarget(name)],
    content: ['prompt', 'description'],
    summary: (said) => summaryOf(desk, said),
    refusal: (said) => refusalOf(desk, said),
    run: (said, context) => create(desk, said, context),
  });
  return toldOnly(withGroupedArguments(tool), TOLD);
}

/** The rest is named in the description of `advanced`. */
const TOLD = [
  'name',
  'prompt',
  'kind',
  'schedule',
  'timezone',
  'pattern',
  'source',
  'event_type',
  'mode',
  'advanced',
];

export const routineTarget = (name: string): Target => ({
  argument: 'name',
  kind: 'recipient',
  value: `routine ${name.trim()}`,
});

function summaryOf(desk: RoutinesDesk, said: Said): string {
  return `Create the routine "${said.name}" (${whenOf(desk, said)}), which does by itself: ${(said.prompt ?? '').slice(0, 300)}`;
}

/** What starts it, as far as it can be told before it is made. */
function whenOf(desk: RoutinesDesk, said: Said): string {
  const trigger = triggerOf(said);
  if (!trigger.ok) return trigger.error;
  const { value } = trigger;
  switch (value.kind) {
    case 'cron': {
      const explained = desk.explain(value.schedule, value.timezone);
      const [first] = explained.ok ? explained.nextTimes : [];
      // Where no zone was said it is the user's, which is not known here.
      const zone = value.timezone === '' ? 'UTC' : value.timezone;
      const next = first === undefined ? '' : `, next ${localTime(first, zone)} ${zone}`;
      return `${value.schedule}${next}`;
    }
    case 'event':
      return `on messages that fit ${value.pattern}`;
    case 'system_event':
      return `on the event ${value.eventType} of ${value.source}`;
    case 'webhook':
      return `when /api/webhooks/${value.path} is called`;
    case 'manual':
      return 'when told to';
  }
}

async function refusalOf(desk: RoutinesDesk, said: Said): Promise<string | undefined> {
  const trigger = triggerOf(said);
  if (!trigger.ok) return trigger.error;
  if ((await desk.get(said.name)) !== undefined)
    return `There is a routine named "${said.name}" already: change it with routine_update, or choose another name.`;
  return scheduleRefusal(desk, trigger.value);
}

export function scheduleRefusal(
  desk: RoutinesDesk,
  trigger: { readonly kind: string; readonly schedule?: string; readonly timezone?: string },
): string | undefined {
  if (trigger.schedule === undefined) return undefined;
  const explained = desk.explain(trigger.schedule, trigger.timezone ?? '');
  return explained.ok ? undefined : explained.message;
}

async function create(desk: RoutinesDesk, said: Said, context: ToolContext): Promise<ToolOutput> {
  const trigger = triggerOf(said);
  if (!trigger.ok) return { ok: false, content: trigger.error };
  const made = await desk.create(
    {
      name: said.name.trim(),
      description: said.description ?? '',
      trigger: trigger.value,
      action: actionOf(said),
      guardrails: guardrailsOf(said),
      notify: notifyOf(said),
      // What an agent or a job makes outlives the conversation that it works in.
      conversationId: context.agent === undefined ? context.conversationId : null,
      by: 'model',
      origins: context.origins,
    },
    context.effectId,
  );
  if (!made.ok) return { ok: false, content: made.message };
  return { ok: true, content: createdText(desk, made.routine, context.timezone) };
}

function createdText(
  desk: RoutinesDesk,
  routine: Parameters<typeof routineText>[0],
  timezone: string,
): string {
  const { trigger } = routine;
  const explained = trigger.kind === 'cron' ? desk.explain(trigger.schedule, trigger.timezone) : undefined;
  const remark = explained?.ok ? explained.remark : null;
  const address = trigger.kind === 'webhook' ? `Its address: POST /api/webhooks/${trigger.path}` : null;
  return [`Created the routine ${routineText(routine, timezone)}`, remark, address]
    .filter((line) => line !== null)
    .join('\n');
}
