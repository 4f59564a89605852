/// <reference lib="esnext.temporal" />
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  type Change,
  documentPath,
  isPromptFile,
  layerOf,
  type Memory,
  type PreparedChange,
  type WriteOptions,
} from '../../memory/index.ts';
import { defineTool, type ToolDefinition } from '../define-tool.ts';
import type { Target, Tool, ToolOutput } from '../tool.ts';
import { changedSince } from './memory-changed.ts';

const plain = z.object({
  content: z.string().optional(),
  target: z
    .string()
    .default('daily_log')
    .describe('memory (lasting facts), daily_log, heartbeat, bootstrap (empties it), or a path'),
  append: z.boolean().default(true).describe('false: overwrite'),
  old_string: z.string().optional().describe('text to replace'),
  new_string: z.string().optional(),
  replace_all: z.boolean().optional(),
  if_version: version(),
  restore_version: version(),
});

/** Models write 0 for none. Said in the code, because a schema costs every request its length. */
function version() {
  return z
    .int()
    .optional()
    .transform((given) => (given !== undefined && given > 0 ? given : undefined));
}

/** Where there are several layers: every word is paid for in every request. */
const layered = plain.extend({
  layer: z.string().optional(),
  force: z.boolean().optional().describe('private text into a shared layer; the user is asked'),
});

type Arguments = z.output<typeof layered>;

/**
 * What is remembered carries its origins along, and every version is kept: no harm comes of writing it. Except into
 * a document that steers the assistant, which speaks to it in the user's place, and except what looks private where
 * others can see it.
 */
export function memoryWriteTool(memory: Memory, clock: Clock): Tool {
  const definition = definitionOf(memory, clock);
  return memory.layers.length > 1
    ? defineTool({ ...definition, schema: layered })
    : defineTool({ ...definition, schema: plain });
}

function definitionOf(memory: Memory, clock: Clock): Omit<ToolDefinition<typeof layered>, 'schema'> {
  const prepare = preparing(memory, clock);
  return {
    name: 'memory_write',
    description: 'Save to memory, which outlasts conversations.',
    effect: 'idempotent',
    approval: 'never',
    approvalOf: (args) => (forces(memory, args) ? 'always' : 'never'),
    powers: ['changes'],
    powersOf: (args) => (steers(memory, args) || forces(memory, args) ? ['changes'] : []),
    targets: (args) => targetsOf(memory, args),
    content: ['content', 'new_string', 'old_string'],
    summary: (args) => summaryOf(memory, args),
    async refusal(args) {
      if (!steers(memory, args) && !forces(memory, args)) return undefined;
      const prepared = await prepare(args, 'UTC', { origins: [] });
      return prepared.ok ? undefined : prepared.error;
    },
    async run(args, { timezone, origins, conversationId, turnId }) {
      const stale = await staleEdit(memory, args);
      if (stale) return stale;
      const source = { by: 'assistant', conversationId, turnId } as const;
      const prepared = await prepare(args, timezone, { origins, source });
      return prepared.ok ? done(args, prepared.value) : { ok: false, content: prepared.error };
    },
  };
}

function done(args: Arguments, { path, redirected, removed, statements }: PreparedChange): ToolOutput {
  const said = [`${DONE[changeType(args)]} ${path}.`, redirected, removed];
  return { ok: true, content: said.filter((each) => each !== undefined).join(' '), writes: statements };
}

/** An edit that was made from a version that is not the last. */
async function staleEdit(memory: Memory, args: Arguments): Promise<ToolOutput | undefined> {
  const path = pathOf(memory, args, ANY_DAY);
  if (args.if_version === undefined || !path.ok) return undefined;
  return changedSince(memory, path.value, args.if_version);
}

/** Stands for today where it does not matter which day that is: the daily log of every day is one target. */
const ANY_DAY = 'today';

function pathOf(memory: Memory, { target, layer: name }: Arguments, day: string): Result<string, string> {
  const path = documentPath(target, day);
  if (name === undefined || !path.ok) return path;
  const layer = memory.layers.find((each) => each.name.toLowerCase() === name.trim().toLowerCase());
  if (!layer)
    return err(
      `There is no layer "${name}". There are ${memory.layers.map((each) => each.name).join(', ')}.`,
    );
  const isThere = layerOf(memory.layers, path.value) === layer;
  return ok(isThere || layer.folder === '' ? path.value : `${layer.folder}/${path.value}`);
}

function targetsOf(memory: Memory, args: Arguments): readonly Target[] {
  const path = pathOf(memory, args, ANY_DAY);
  return path.ok ? [{ argument: 'target', kind: 'document', value: path.value }] : [];
}

const steers = (memory: Memory, args: Arguments): boolean =>
  targetsOf(memory, args).some(({ value }) => isPromptFile(value));

/** Whether others would see what it writes, whatever it is. */
function forces(memory: Memory, args: Arguments): boolean {
  if (args.force !== true) return false;
  return targetsOf(memory, args).some(({ value }) => layerOf(memory.layers, value).sensitivity === 'shared');
}

function summaryOf(memory: Memory, args: Arguments): string {
  const name = targetsOf(memory, args)[0]?.value ?? args.target;
  const steering = steers(memory, args) ? ', which the assistant reads at the start of conversations' : '';
  const shown = forces(memory, args) ? ', which others can see, also what looks private' : '';
  return `${INTENT[changeType(args)]} ${name}${steering}${shown}.`;
}

function preparing(memory: Memory, clock: Clock) {
  return async (
    args: Arguments,
    timezone: string,
    options: WriteOptions,
  ): Promise<Result<PreparedChange, string>> => {
    const now = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(timezone);
    const path = pathOf(memory, args, now.toPlainDate().toString());
    if (!path.ok) return path;
    const change = toChange(args, now);
    if (!change.ok) return change;
    const { if_version: ifVersion, force = false } = args;
    const more = { ...options, ...(ifVersion !== undefined && { ifVersion }), force };
    return memory.prepare(path.value, change.value, more);
  };
}

const INTENT: Readonly<Record<Change['type'], string>> = {
  append: 'Add to',
  overwrite: 'Save',
  replace: 'Replace a text in',
  restore: 'Restore an earlier version of',
};

const DONE: Readonly<Record<Change['type'], string>> = {
  append: 'Added to',
  overwrite: 'Saved',
  replace: 'Replaced the text in',
  restore: 'Restored',
};

function changeType({ old_string, restore_version, append, target }: Arguments): Change['type'] {
  if (restore_version !== undefined) return 'restore';
  if (old_string !== undefined) return 'replace';
  return append && !isShortName(target, 'bootstrap') ? 'append' : 'overwrite';
}

function toChange(args: Arguments, now: Temporal.ZonedDateTime): Result<Change, string> {
  const { target, old_string: from, new_string: to = '', restore_version: version } = args;
  if (version !== undefined) return ok({ type: 'restore', version });
  if (from !== undefined) return ok({ type: 'replace', from, to, all: args.replace_all ?? false });
  const content = isShortName(target, 'bootstrap') ? '' : args.content;
  if (content === undefined)
    return err('memory_write was not run. The argument "content" is missing: what is to be saved.');
  if (changeType(args) === 'overwrite') return ok({ type: 'overwrite', content });
  return ok({
    type: 'append',
    content: isShortName(target, 'daily_log') ? logLine(content, now) : content,
  });
}

const isShortName = (target: string, name: string): boolean => target.trim().toLowerCase() === name;

const logLine = (content: string, now: Temporal.ZonedDateTime): string =>
  `[${now.toPlainTime().toString({ smallestUnit: 'second' })}] ${content}`;
