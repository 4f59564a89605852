import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { MAX_TOOL_ROUNDS } from '../../core/routine-actions.ts';
import { coerceArguments } from '../coerce.ts';
import type { Tool } from '../tool.ts';

/** What a model may say of a routine. All on one level, for that is what models get right. */
export const routineFields = {
  description: z.string().optional(),
  kind: z.enum(['cron', 'message_event', 'system_event', 'webhook', 'manual']).optional(),
  schedule: z.string().optional().describe('cron; once: 7 fields, seconds first, year last'),
  timezone: z.string().optional(),
  pattern: z.string().optional().describe("RE2, on the user's messages"),
  channel: z.string().optional(),
  source: z.string().optional(),
  event_type: z.string().optional(),
  filters: z.looseObject({}).optional(),
  path: z.string().optional(),
  secret: z.string().optional(),
  mode: z.enum(['lightweight', 'full_job']).optional(),
  context_paths: z.array(z.string()).optional(),
  use_tools: z.boolean().optional(),
  max_tool_rounds: z.int().min(1).max(MAX_TOOL_ROUNDS).optional(),
  advanced: z
    .looseObject({})
    .optional()
    .describe(
      'channel, filters; webhook path, secret name; context_paths, max_tool_rounds; cooldown_secs, run_mode single|restart|queued|parallel, catch_up skip|once|all, jitter_secs, on_success, day_usd',
    ),
};

/** What is seldom said. Not in the schema that models are sent, whose every word is paid for. */
const Advanced = z.object({
  cooldown_secs: z.int().min(0).max(31_536_000).optional(),
  run_mode: z.enum(['single', 'restart', 'queued', 'parallel']).optional(),
  max_concurrent: z.int().min(1).max(10).optional(),
  catch_up: z.enum(['skip', 'once', 'all']).optional(),
  jitter_secs: z.int().min(0).max(86_400).optional(),
  dedup_secs: z.int().min(0).max(31_536_000).optional(),
  disable_after: z.int().min(0).max(1_000).optional(),
  timeout_minutes: z.int().min(1).max(1_440).optional(),
  max_tokens: z.int().min(256).max(200_000).optional(),
  max_iterations: z.int().min(1).max(500).optional(),
  on_success: z.boolean().optional(),
  on_attention: z.boolean().optional(),
  on_failure: z.boolean().optional(),
  day_usd: z.number().min(0).max(1_000_000).optional(),
});
type Advanced = z.output<typeof Advanced>;

const ADVANCED_SCHEMA: JsonObject = JSON.parse(JSON.stringify(z.toJSONSchema(Advanced, { io: 'input' })));
const ADVANCED_NAMES = Object.keys(Advanced.shape);

/** What cannot be read is left as it is by default. */
export function readAdvanced(given: JsonObject | undefined): Advanced {
  const coerced = coerceArguments(ADVANCED_SCHEMA, given ?? {});
  const whole = Advanced.safeParse(coerced);
  if (whole.success) return whole.data;
  const good = Object.entries(coerced).filter(
    ([name, value]) => Advanced.safeParse({ [name]: value }).success,
  );
  return Advanced.parse(Object.fromEntries(good));
}

const GROUPS = ['request', 'execution', 'delivery', 'advanced'];
const ALIASES: Readonly<Record<string, string>> = {
  action_type: 'mode',
  cron: 'schedule',
  cron_expression: 'schedule',
  tz: 'timezone',
  trigger: 'kind',
  trigger_type: 'kind',
  type: 'kind',
  event_pattern: 'pattern',
  event_source: 'source',
  event_filters: 'filters',
  cooldown: 'cooldown_secs',
  instructions: 'prompt',
  catchup: 'catch_up',
  budget_usd: 'day_usd',
};

/** The same tool for models that put the arguments in groups (`request: {kind, schedule}`), or name them otherwise. */
export function withGroupedArguments(tool: Tool): Tool {
  return {
    ...tool,
    approvalOf: (args) => tool.approvalOf?.(arranged(args)) ?? tool.approval,
    powersOf: (args) => tool.powersOf?.(arranged(args)) ?? tool.powers,
    targets: (args) => tool.targets?.(arranged(args)) ?? [],
    summary: (args) => tool.summary?.(arranged(args)) ?? tool.name,
    refusal: async (args) => tool.refusal?.(arranged(args)),
    execute: (args, context) => tool.execute(arranged(args), context),
  };
}

/** The tool as models are told of it: with these arguments alone, though it takes all of them. */
export function toldOnly(tool: Tool, names: readonly string[]): Tool {
  const { properties = {} } = tool.parameters;
  if (!isJsonObject(properties)) return tool;
  const told = Object.entries(properties).filter(([name]) => names.includes(name));
  return { ...tool, parameters: { ...tool.parameters, properties: Object.fromEntries(told) } };
}

function arranged(args: JsonObject): JsonObject {
  const groups = GROUPS.map((name) => args[name]).filter(isJsonObject);
  const rest = Object.fromEntries(Object.entries(args).filter(([name]) => !GROUPS.includes(name)));
  // What delivers is told where the routine was made; a channel there is not the one that is listened to.
  const delivery = args.delivery;
  const said = Object.fromEntries(
    [...groups.map((group) => (group === delivery ? withoutChannel(group) : group)), rest].flatMap((group) =>
      Object.entries(properlyNamed(group)),
    ),
  );
  const isAdvanced = ([name]: readonly [string, unknown]) => ADVANCED_NAMES.includes(name);
  const advanced = Object.fromEntries(Object.entries(said).filter(isAdvanced));
  const plain = Object.fromEntries(Object.entries(said).filter((entry) => !isAdvanced(entry)));
  return { ...plain, ...(Object.keys(advanced).length > 0 && { advanced }) };
}

const withoutChannel = ({ channel: _, ...rest }: JsonObject): JsonObject => rest;

function properlyNamed(args: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const proper = ALIASES[name] ?? name;
      return [proper, proper === 'kind' && value === 'event' ? 'message_event' : value];
    }),
  );
}
