import { z } from 'zod';
import type { RoutinesDesk } from '../../core/routines.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { routineLine } from './routine-text.ts';

const MAX_LISTED = 100;

export function routineListTool(desk: RoutinesDesk): Tool {
  return defineTool({
    name: 'routine_list',
    description: 'Lists the routines: what starts them, next and last times, whether they work.',
    schema: z.object({}),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    async run(_, { timezone }) {
      const all = await desk.list();
      if (all.length === 0) return { ok: true, content: 'There are no routines.' };
      const shown = all.slice(0, MAX_LISTED);
      const rest = all.length - shown.length;
      return {
        ok: true,
        content: [
          ...shown.map((routine) => routineLine(routine, timezone)),
          ...(rest > 0 ? [`And ${rest} more.`] : []),
        ].join('\n'),
        origins: unitedOrigins(...shown.map(({ origins }) => origins)),
      };
    },
  });
}
