import { z } from 'zod';
import type { RoutinesDesk } from '../../core/routines.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { routineTarget } from './routine-create.ts';
import { unknownRoutine } from './routine-definition.ts';

export function routineFireTool(desk: RoutinesDesk): Tool {
  return defineTool({
    name: 'routine_fire',
    description: 'Run a routine now. Its result comes later: routine_history.',
    schema: z.object({ name: z.string().min(1) }),
    effect: 'idempotent',
    approval: 'unless-granted',
    powers: ['changes'],
    targets: ({ name }) => [routineTarget(name)],
    summary: ({ name }) => `Run the routine "${name}" now.`,
    async refusal({ name }) {
      return (await desk.get(name)) === undefined ? unknownRoutine(name, await desk.list()) : undefined;
    },
    async run({ name }, { effectId, agent }) {
      if (isWithinRoutine(agent)) return { ok: false, content: NOT_FROM_HERE };
      const routine = await desk.get(name);
      if (routine === undefined) return { ok: false, content: unknownRoutine(name, await desk.list()) };
      const fired = await desk.fire(routine.id, effectId);
      if (!fired.ok) return { ok: false, content: fired.message };
      return { ok: true, content: `The routine "${name}" is started (run ${fired.run.id}).` };
    },
  });
}

const NOT_FROM_HERE =
  'A routine cannot run routines: two of them could run each other for ever. Use event_emit, where such circles are noticed.';

const isWithinRoutine = (agent: ToolContext['agent']): boolean =>
  agent?.purpose?.kind === 'routine' || agent?.purpose?.within?.kind === 'routine';
