import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { coerceArguments } from './coerce.ts';
import type { Power, Target, Tool, ToolContext, ToolOutput } from './tool.ts';

/** A tool as it is written: its arguments are described once, in zod, and arrive checked and typed. */
export interface ToolDefinition<S extends z.ZodObject> {
  readonly name: string;
  /** For the model, which pays for every word of it in every request. */
  readonly description: string;
  readonly schema: S;
  readonly effect: Tool['effect'];
  readonly approval: Tool['approval'];
  /** See `Tool.independent`. */
  readonly independent?: true;
  /** See `Tool.proposesPlan`. */
  readonly proposesPlan?: true;
  /** Where it depends on the call. What cannot be read is asked about as the tool is. */
  approvalOf?(args: z.output<S>): Tool['approval'];
  readonly powers: readonly Power[];
  /** Where a call can do less. What cannot be read is taken to do all that the tool can. */
  powersOf?(args: z.output<S>): readonly Power[];
  targets?(args: z.output<S>): readonly Target[];
  /** See `Tool.content`. */
  readonly content?: readonly string[];
  /** 60 seconds unless given. */
  readonly timeoutMs?: number;
  /** Other names under which models send an argument: other name to proper name. */
  readonly aliases?: Readonly<Record<string, string>>;
  summary?(args: z.output<S>): string;
  refusal?(args: z.output<S>): Promise<string | undefined>;
  run(args: z.output<S>, context: ToolContext): Promise<ToolOutput> | ToolOutput;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Makes a tool of its definition. Arguments are bent towards the schema first (`coerceArguments`). */
export function defineTool<S extends z.ZodObject>(definition: ToolDefinition<S>): Tool {
  const { name, description, effect, approval, powers, timeoutMs = DEFAULT_TIMEOUT_MS } = definition;
  const parameters = jsonSchemaOf(definition.schema);
  const read = (args: JsonObject) => readArguments(definition, parameters, args);
  return {
    name,
    description,
    parameters,
    effect,
    approval,
    approvalOf(args) {
      const checked = read(args);
      return (checked.ok && definition.approvalOf?.(checked.value)) || approval;
    },
    timeoutMs,
    powers,
    powersOf(args) {
      const checked = read(args);
      return (checked.ok && definition.powersOf?.(checked.value)) || powers;
    },
    ...(definition.targets && { targets: (args: JsonObject) => targetsOf(definition, read(args)) }),
    ...(definition.content && { content: definition.content }),
    ...(definition.independent && { independent: true }),
    ...(definition.proposesPlan && { proposesPlan: true }),
    summary(args) {
      const checked = read(args);
      return (checked.ok && definition.summary?.(checked.value)) || `Run the tool ${name}.`;
    },
    async refusal(args) {
      const checked = read(args);
      return checked.ok ? definition.refusal?.(checked.value) : checked.error;
    },
    async execute(args, context) {
      const checked = read(args);
      return checked.ok ? definition.run(checked.value, context) : { ok: false, content: checked.error };
    },
  };
}

function targetsOf<S extends z.ZodObject>(
  { targets }: ToolDefinition<S>,
  args: Result<z.output<S>, string>,
): readonly Target[] {
  return (args.ok && targets?.(args.value)) || [];
}

function readArguments<S extends z.ZodObject>(
  { name, schema, aliases = {} }: ToolDefinition<S>,
  parameters: JsonObject,
  args: JsonObject,
): Result<z.output<S>, string> {
  const coerced = coerceArguments(parameters, withProperNames(aliases, args));
  const checked = schema.safeParse(coerced);
  return checked.success ? ok(checked.data) : err(complaint(name, parameters, coerced, checked.error.issues));
}

function withProperNames(aliases: Readonly<Record<string, string>>, args: JsonObject): JsonObject {
  const renamed = Object.entries(aliases).flatMap(([alias, proper]) =>
    Object.hasOwn(args, alias) ? [[proper, args[alias] ?? null] as const] : [],
  );
  return { ...Object.fromEntries(renamed), ...args };
}

function complaint(
  tool: string,
  parameters: JsonObject,
  args: JsonObject,
  issues: readonly z.core.$ZodIssue[],
): string {
  const complaints = issues.slice(0, 5).map((issue) => {
    const name = String(issue.path[0] ?? '');
    if (issue.code === 'custom') return issue.message;
    const problem = Object.hasOwn(args, name) ? `cannot be ${shown(args[name])}` : 'is missing';
    return `The argument "${issue.path.join('.')}" ${problem}; expected ${expected(parameters, name, issue)}.`;
  });
  return `${tool} was not run. ${complaints.join(' ')} Call it again with correct arguments.`;
}

function expected(parameters: JsonObject, name: string, issue: z.core.$ZodIssue): string {
  const properties = parameters.properties;
  const property = isJsonObject(properties) ? properties[name] : undefined;
  if (issue.path.length > 1 || !isJsonObject(property))
    return issue.message.replace(/^Invalid input: expected /, '');
  if (Array.isArray(property.enum)) return `one of ${property.enum.join(', ')}`;
  const description = typeof property.description === 'string' ? ` (${property.description})` : '';
  return `${String(property.type ?? 'a value')}${description}`;
}

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The schema as it is sent to models: without what only costs tokens. */
function jsonSchemaOf(schema: z.ZodObject): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override: dropWhatSaysNothing });
  return JSON.parse(JSON.stringify(rest));
}

/** Bounds of what a number can be, and that the names of properties are texts. */
function dropWhatSaysNothing({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  const { propertyNames } = jsonSchema;
  if (propertyNames !== undefined && JSON.stringify(propertyNames) === '{"type":"string"}')
    delete jsonSchema.propertyNames;
}
