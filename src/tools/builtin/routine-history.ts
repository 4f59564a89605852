import { z } from 'zod';
import { localTime } from '../../core/local-time.ts';
import type { DueTime, RoutinesDesk } from '../../core/routines.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';
import { unknownRoutine } from './routine-definition.ts';
import { runLine } from './routine-text.ts';

/** What did not run is as interesting as what did. */
export function routineHistoryTool(desk: RoutinesDesk): Tool {
  return defineTool({
    name: 'routine_history',
    description: "A routine's latest runs, and due times at which it did not run, with the reason.",
    schema: z.object({ name: z.string().min(1), limit: z.int().min(1).max(50).default(10) }),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    async run({ name, limit }, { timezone }) {
      const routine = await desk.get(name);
      if (routine === undefined) return { ok: false, content: unknownRoutine(name, await desk.list()) };
      const [runs, dues] = await Promise.all([
        desk.runs(routine.id, limit),
        desk.dueTimes(routine.id, limit),
      ]);
      const lines = [
        ...runs.map((run) => runLine(run, timezone)),
        ...dues.filter(isUnfired).map((due) => dueLine(due, timezone)),
      ];
      if (lines.length === 0) return { ok: true, content: `"${routine.name}" has not run yet.` };
      // A run says what it read, wherever that came from.
      const origins = unitedOrigins(routine.origins, [`the routine "${routine.name}"`]);
      return { ok: true, content: lines.join('\n'), origins };
    },
  });
}

const isUnfired = ({ state }: DueTime): boolean => state !== 'fired' && state !== 'claimed';

const dueLine = ({ dueAt, state, reason }: DueTime, timezone: string): string =>
  `${localTime(dueAt, timezone)} ${state}${reason === null ? '' : `: ${reason}`}`;
