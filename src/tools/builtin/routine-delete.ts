import { z } from 'zod';
import type { RoutinesDesk } from '../../core/routines.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { routineTarget } from './routine-create.ts';
import { unknownRoutine } from './routine-definition.ts';

export function routineDeleteTool(desk: RoutinesDesk): Tool {
  return defineTool({
    name: 'routine_delete',
    description: 'Delete a routine for good. To pause it: routine_update with enabled false.',
    schema: z.object({ name: z.string().min(1) }),
    effect: 'idempotent',
    approval: 'unless-granted',
    powers: ['changes'],
    targets: ({ name }) => [routineTarget(name)],
    summary: ({ name }) => `Delete the routine "${name}" for good, with what is known of its runs.`,
    async refusal({ name }) {
      return (await desk.get(name)) === undefined ? unknownRoutine(name, await desk.list()) : undefined;
    },
    async run({ name }) {
      if (await desk.remove(name)) return { ok: true, content: `The routine "${name}" is deleted.` };
      return { ok: false, content: unknownRoutine(name, await desk.list()) };
    },
  });
}
