import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { count, moment, opaque } from './fields.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const RULE = `must be one of: ${levels.join(', ')}`;

/** Of one line, and the least that is wanted. */
export const LogLevel = z.enum(levels, RULE);

export const LogEventsQuery = z.object({
  level: LogLevel.default('trace'),
  /** What the target begins with. */
  target: z.string().max(100).default(''),
  last_event_id: z.string().max(100).optional(),
});
export const LogsQuery = LogEventsQuery.omit({ last_event_id: true }).extend({ limit: count(500, 500) });

/** The data of a `log` event. */
export const LogLine = z.object({
  /** `<process>:<number>`; numbers of one process have no gaps. */
  id: z.string(),
  at: moment,
  level: LogLevel,
  /** The part of the program that says it. */
  target: z.string(),
  message: z.string(),
  fields: opaque<JsonObject>(),
  thread_id: z.string().exactOptional(),
  turn_id: z.string().exactOptional(),
});
/** Oldest first. */
export const LogsReply = z.object({ lines: z.array(LogLine) });

export const LogLevelReply = z.object({ level: z.enum([...levels, 'silent']) });
export const LogLevelBody = z.object({ level: z.enum([...levels, 'silent'], `${RULE}, silent`) });

export type LogLevel = z.infer<typeof LogLevel>;
export type LogLine = z.infer<typeof LogLine>;
export type LogsReply = z.infer<typeof LogsReply>;
export type LogLevelReply = z.infer<typeof LogLevelReply>;
