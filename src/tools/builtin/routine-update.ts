import { z } from 'zod';
import { formatUsd } from '../../budget/index.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { RoutinePatch, RoutineStatus, RoutinesDesk } from '../../core/routines.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool, ToolContext, ToolOutput } from '../tool.ts';
import { routineTarget, scheduleRefusal } from './routine-create.ts';
import {
  actionOf,
  guardrailsOf,
  limitRefusal,
  notifyOf,
  type Said,
  saysAction,
  saysTrigger,
  triggerOf,
  unknownRoutine,
} from './routine-definition.ts';
import { routineFields, toldOnly, withGroupedArguments } from './routine-fields.ts';
import { routineText } from './routine-text.ts';

type Change = Said & { readonly enabled?: boolean | undefined };

export function routineUpdateTool(desk: RoutinesDesk): Tool {
  const tool = defineTool({
    name: 'routine_update',
    description:
      'Change a routine, or turn it on or off. Takes the arguments of routine_create; what is left out stays.',
    schema: z.object({
      name: z.string().min(1),
      enabled: z.boolean().optional(),
      prompt: z.string().optional(),
      ...routineFields,
    }),
    effect: 'idempotent',
    approval: 'unless-granted',
    powers: ['changes'],
    targets: ({ name }) => [routineTarget(name)],
    content: ['prompt', 'description'],
    summary: (said) => summaryOf(said),
    refusal: async (said) => {
      const patch = await patchOf(desk, said, []);
      return patch.ok ? undefined : patch.error;
    },
    run: (said, context) => update(desk, said, context),
  });
  return toldOnly(withGroupedArguments(tool), ['name', 'enabled', 'prompt', 'schedule', 'timezone']);
}

function summaryOf(said: Change): string {
  const { name, enabled, prompt, schedule } = said;
  const { dayMicroUsd } = guardrailsOf(said);
  const what = [
    ...(enabled === undefined ? [] : [enabled ? 'turn it on' : 'turn it off']),
    ...(schedule === undefined ? [] : [`run it at ${schedule}`]),
    ...(dayMicroUsd ? [`let it cost ${formatUsd(dayMicroUsd)} a day at most`] : []),
    ...(prompt === undefined ? [] : [`have it do: ${prompt.slice(0, 300)}`]),
  ];
  return `Change the routine "${name}"${what.length > 0 ? `: ${what.join('; ')}` : ''}.`;
}

async function patchOf(
  desk: RoutinesDesk,
  said: Change,
  origins: ToolContext['origins'],
): Promise<Result<{ readonly patch: RoutinePatch; readonly before: RoutineStatus }, string>> {
  const before = await desk.get(said.name);
  if (before === undefined) return err(unknownRoutine(said.name, await desk.list()));
  const beyond = limitRefusal(said, before);
  if (beyond !== undefined) return err(beyond);
  const trigger = saysTrigger(said) ? triggerOf(said, before.trigger) : undefined;
  if (trigger && !trigger.ok) return trigger;
  const wrong = trigger && scheduleRefusal(desk, trigger.value);
  if (wrong !== undefined) return err(wrong);
  const isNewAction = saysAction(said);
  const patch: RoutinePatch = {
    ...(said.description !== undefined && { description: said.description }),
    ...(said.enabled !== undefined && { enabled: said.enabled }),
    ...(trigger && { trigger: trigger.value }),
    ...(isNewAction && { action: actionOf(said, before.action), by: 'model' }),
    guardrails: guardrailsOf(said),
    notify: notifyOf(said),
    // Whoever had a hand in a part of it has one in every run.
    origins: unitedOrigins(before.origins, origins),
  };
  return ok({ patch, before });
}

async function update(desk: RoutinesDesk, said: Change, context: ToolContext): Promise<ToolOutput> {
  const read = await patchOf(desk, said, context.origins);
  if (!read.ok) return { ok: false, content: read.error };
  const changed = await desk.update(read.value.before.id, read.value.patch);
  if (!changed.ok) return { ok: false, content: changed.message };
  return { ok: true, content: `Changed the routine ${routineText(changed.routine, context.timezone)}` };
}
