import type { RoutinesDesk } from '../../core/routines.ts';
import type { Tool } from '../tool.ts';
import { eventEmitTool } from './event-emit.ts';
import { routineCreateTool } from './routine-create.ts';
import { routineDeleteTool } from './routine-delete.ts';
import { routineFireTool } from './routine-fire.ts';
import { routineHistoryTool } from './routine-history.ts';
import { routineListTool } from './routine-list.ts';
import { routineUpdateTool } from './routine-update.ts';

export const routineTools = (desk: RoutinesDesk): readonly Tool[] => [
  eventEmitTool(desk),
  routineCreateTool(desk),
  routineDeleteTool(desk),
  routineFireTool(desk),
  routineHistoryTool(desk),
  routineListTool(desk),
  routineUpdateTool(desk),
];
