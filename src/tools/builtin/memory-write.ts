/// <reference lib="esnext.temporal" />
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { type Change, documentPath, type Memory } from '../../memory/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool, ToolOutput } from '../tool.ts';

const schema = z.object({
  content: z.string().optional(),
  target: z
    .string()
    .default('daily_log')
    .describe('memory (lasting facts), daily_log, heartbeat, bootstrap (empties it), or a path'),
  append: z.boolean().default(true).describe('false replaces the document'),
  old_string: z.string().optional().describe('replace this text instead'),
  new_string: z.string().optional(),
  replace_all: z.boolean().default(false),
});

export function memoryWriteTool(memory: Memory, clock: Clock): Tool {
  return defineTool({
    name: 'memory_write',
    description: 'Save to memory, which outlasts conversations.',
    schema,
    effect: 'idempotent',
    approval: 'never',
    async run(args, { timezone }) {
      const now = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(timezone);
      const path = documentPath(args.target, now.toPlainDate().toString());
      if (!path.ok) return failed(path.error);
      const change = toChange(args, now);
      if (!change.ok) return failed(change.error);
      const prepared = await memory.prepare(path.value, change.value);
      if (!prepared.ok) return failed(prepared.error);
      return { ok: true, content: `${DONE[change.value.type]} ${path.value}.`, writes: prepared.value };
    },
  });
}

type Arguments = z.output<typeof schema>;

const DONE: Readonly<Record<Change['type'], string>> = {
  append: 'Added to',
  overwrite: 'Saved',
  replace: 'Replaced the text in',
};

function toChange(args: Arguments, now: Temporal.ZonedDateTime): Result<Change, string> {
  const { content, old_string: from, new_string: to = '' } = args;
  if (from !== undefined) return ok({ type: 'replace', from, to, all: args.replace_all });
  if (isShortName(args.target, 'bootstrap')) return ok({ type: 'overwrite', content: '' });
  if (content === undefined)
    return err('memory_write was not run. The argument "content" is missing: what is to be saved.');
  if (!args.append) return ok({ type: 'overwrite', content });
  return ok({
    type: 'append',
    content: isShortName(args.target, 'daily_log') ? logLine(content, now) : content,
  });
}

const isShortName = (target: string, name: string): boolean => target.trim().toLowerCase() === name;

const logLine = (content: string, now: Temporal.ZonedDateTime): string =>
  `[${now.toPlainTime().toString({ smallestUnit: 'second' })}] ${content}`;

const failed = (content: string): ToolOutput => ({ ok: false, content });
