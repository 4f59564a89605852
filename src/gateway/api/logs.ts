import type { FastifyInstance } from 'fastify';
import {
  LogEventsQuery,
  LogLevelBody,
  LogLevelReply,
  type LogLine,
  LogsQuery,
  LogsReply,
} from '../../core/api/logs.ts';
import type { JsonObject } from '../../core/json.ts';
import { LOG_LEVELS, type LogDesk, type LogEntry, type LogLevel } from '../../core/logs.ts';
import { ok } from '../../core/result.ts';
import type { EventStream } from '../event-stream.ts';
import { withoutDesk } from './absent-desk.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';
import { addStream } from './stream-route.ts';

const tag = 'logs';
const WHAT = 'a log that can be looked at';

export function addLogs(app: FastifyInstance, context: ApiContext): void {
  const { logs } = context;
  addRoute(app, {
    method: 'GET',
    url: '/api/logs',
    tag,
    summary: 'The latest lines of the log, oldest first; 500 are kept.',
    query: LogsQuery,
    answer: LogsReply,
    async run({ query }) {
      if (logs === undefined) return withoutDesk(WHAT);
      const fitting = logs.lines().filter((entry) => isWanted(entry, query));
      return ok({ lines: fitting.slice(-query.limit).map(toLine) });
    },
  });
  addStream(app, context, {
    url: '/api/logs/events',
    tag,
    summary: 'The lines that are kept, or those after `Last-Event-ID`, and each new one as an event `log`.',
    query: LogEventsQuery,
    async open({ query, request }) {
      if (logs === undefined) return withoutDesk(WHAT);
      const last = request.headers['last-event-id'] ?? query.last_event_id;
      return ok((stream) => follow(logs, query, typeof last === 'string' ? last : undefined, stream));
    },
  });
  addLevel(app, logs);
}

function addLevel(app: FastifyInstance, logs: LogDesk | undefined): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/logs/level',
    tag,
    summary: 'From which level on the log is told.',
    answer: LogLevelReply,
    run: async () => (logs === undefined ? withoutDesk(WHAT) : ok({ level: logs.level() })),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/api/logs/level',
    tag,
    summary: 'Changes that until the process ends. For good: the setting `log.level`.',
    body: LogLevelBody,
    answer: LogLevelReply,
    async run({ body }) {
      if (logs === undefined) return withoutDesk(WHAT);
      logs.setLevel(body.level);
      return ok({ level: logs.level() });
    },
  });
}

interface Wanted {
  readonly level: LogLevel;
  readonly target: string;
}

const rank = (level: LogLevel): number => LOG_LEVELS.indexOf(level);

const isWanted = (entry: LogEntry, { level, target }: Wanted): boolean =>
  rank(entry.level) >= rank(level) && entry.target.startsWith(target);

function follow(logs: LogDesk, wanted: Wanted, last: string | undefined, stream: EventStream): void {
  let left = 0;
  const push = (entry: LogEntry): void => {
    if (!isWanted(entry, wanted)) return;
    // A log that somebody cannot read fast enough must not fill the memory of the assistant.
    if (stream.congested) return void left++;
    if (left > 0) stream.push({ event: 'missed', data: { count: left } });
    left = 0;
    stream.push({ event: 'log', id: idOf(entry), data: toLine(entry) });
  };
  for (const entry of after(logs.lines(), last, stream)) push(entry);
  stream.ended.addEventListener('abort', logs.watch(push), { once: true });
}

/** Those after the last that a reader has seen; of another process, or so long ago that some are gone: all there are. */
function after(
  lines: readonly LogEntry[],
  last: string | undefined,
  stream: EventStream,
): readonly LogEntry[] {
  const [process, number] = (last ?? '').split(':');
  const [oldest] = lines;
  if (oldest === undefined || process !== oldest.process) return lines;
  const lost = oldest.number - Number(number) - 1;
  if (lost > 0) stream.push({ event: 'missed', data: { count: lost } });
  return lines.filter((entry) => entry.number > Number(number));
}

const idOf = ({ process, number }: LogEntry): string => `${process}:${number}`;

function toLine(entry: LogEntry): LogLine {
  const { at, level, target, message, fields } = entry;
  const thread = threadOf(fields);
  return {
    id: idOf(entry),
    at,
    level,
    target,
    message,
    fields,
    ...(thread !== undefined && { thread_id: thread }),
    ...(typeof fields.turnId === 'string' && { turn_id: fields.turnId }),
  };
}

/** A line names a conversation by its id, or by the key of the actor that keeps it. */
function threadOf({ conversationId, key }: JsonObject): string | undefined {
  if (typeof conversationId === 'string') return conversationId;
  return typeof key === 'string' ? /^session\/(.+)$/.exec(key)?.[1] : undefined;
}
