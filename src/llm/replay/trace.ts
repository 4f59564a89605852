import { z } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** A recorded or scripted conversation: the model's side of it, and what is expected of the rest. */
export interface Trace {
  readonly modelName: string;
  readonly turns: readonly TraceTurn[];
  /** Expectations over the whole run. */
  readonly expects: TraceExpectations;
  /** Documents that are in memory before the first turn. */
  readonly memorySnapshot: readonly { readonly path: string; readonly content: string }[];
  /** Answers the network gives, in this order. */
  readonly httpExchanges: readonly HttpExchange[];
}

export interface TraceTurn {
  readonly userInput: string;
  readonly steps: readonly TraceStep[];
  readonly expects: TraceExpectations;
}

/** One call of the model. */
export interface TraceStep {
  readonly hint: RequestHint;
  readonly expectedToolResults: readonly ExpectedToolResult[];
  readonly answer: TraceAnswer;
}

export interface RequestHint {
  readonly lastUserMessageContains?: string;
  readonly minMessageCount?: number;
}

interface ExpectedToolResult {
  readonly toolCallId: string;
  readonly name: string;
  readonly content: string;
}

interface TraceAnswer {
  readonly text: string;
  readonly toolCalls: readonly {
    readonly id: string;
    readonly name: string;
    readonly arguments: JsonObject;
  }[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type TraceExpectations = z.infer<typeof expectations>;
export type HttpExchange = z.infer<typeof httpExchange>;

/** The message of a turn whose trace names none. */
const PLACEHOLDER_INPUT = '(recorded turn)';

const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? undefined)
  .optional();

/** Unknown keys are kept, so that a player can say which ones it does not check. */
const expectations = z.looseObject({
  response_contains: texts,
  response_not_contains: texts,
  response_matches: z.string().nullish(),
  tools_used: texts,
  tools_not_used: texts,
  tools_order: texts,
  all_tools_succeeded: z.boolean().nullish(),
  max_tool_calls: z.number().nullish(),
  min_responses: z.number().nullish(),
  tool_results_contain: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? undefined)
    .optional(),
});

/** None, however a recorder writes that. */
const expected = expectations.nullish().transform((value) => value ?? {});

/** Headers are recorded as pairs or as an object. */
const headers = z
  .union([z.array(z.tuple([z.string(), z.string()])), z.record(z.string(), z.string())])
  .transform((value) => (Array.isArray(value) ? value : Object.entries(value)));

const httpExchange = z.object({
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: headers.default([]),
    body: z.string().nullish(),
  }),
  response: z.object({
    status: z.number().int(),
    headers: headers.default([]),
    body: z.string().default(''),
  }),
});

const tokens = { input_tokens: z.number().default(0), output_tokens: z.number().default(0) };

const toolCall = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.record(z.string(), z.json()).nullish(),
});

const response = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), content: z.string(), ...tokens }),
  z.object({
    type: z.literal('tool_calls'),
    content: z.string().nullish(),
    tool_calls: z.array(toolCall),
    ...tokens,
  }),
  z.object({ type: z.literal('user_input'), content: z.string().default('') }),
]);

const step = z.object({
  request_hint: z
    .object({ last_user_message_contains: z.string().nullish(), min_message_count: z.number().nullish() })
    .nullish(),
  expected_tool_results: z
    .array(z.object({ tool_call_id: z.string(), name: z.string().default(''), content: z.string() }))
    .nullish(),
  response,
});

const traceFile = z.object({
  model_name: z.string().default('trace'),
  turns: z.array(z.object({ user_input: z.string(), steps: z.array(step), expects: expected })).default([]),
  steps: z.array(step).default([]),
  expects: expected,
  memory_snapshot: z.array(z.object({ path: z.string(), content: z.string() })).default([]),
  http_exchanges: z.array(httpExchange).default([]),
});

type RawStep = z.infer<typeof step>;
type RawAnswer = Exclude<RawStep['response'], { type: 'user_input' }>;

/**
 * Reads a trace file's text, in the form with `turns[]` or the older one with `steps[]` at top level. The older
 * form is one turn, or several where the recording marked each message of the user with a `user_input` step.
 * Unknown fields are ignored. The error names the place in the file.
 */
export function parseTrace(text: string): Result<Trace, string> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = traceFile.safeParse(json.value);
  if (!parsed.success) return err(`This is not a trace: ${describeIssue(parsed.error)}.`);
  const { turns, steps } = parsed.data;
  if (turns.length === 0 && steps.length === 0) {
    return err('This is not a trace: it has neither "turns" nor "steps".');
  }
  return ok({
    modelName: parsed.data.model_name,
    turns: turns.length > 0 ? turns.map(toTurn) : splitIntoTurns(steps),
    expects: parsed.data.expects,
    memorySnapshot: parsed.data.memory_snapshot,
    httpExchanges: parsed.data.http_exchanges,
  });
}

/** Reads recorded exchanges alone: a list of them, or a trace that has some. The error names the place in the file. */
export function parseExchanges(text: string): Result<readonly HttpExchange[], string> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const list = z.array(httpExchange);
  const parsed = z.union([list, z.object({ http_exchanges: list })]).safeParse(json.value);
  if (parsed.success) return ok(Array.isArray(parsed.data) ? parsed.data : parsed.data.http_exchanges);
  const single = (Array.isArray(json.value) ? list : z.object({ http_exchanges: list })).safeParse(
    json.value,
  );
  return err(
    `These are no recorded exchanges: ${single.error ? describeIssue(single.error) : 'unknown form'}.`,
  );
}

function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err(`This is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it does not have the expected form';
  return `at ${z.core.toDotPath(issue.path) || 'the top level'}: ${issue.message}`;
}

function toTurn(turn: { user_input: string; steps: RawStep[]; expects: TraceExpectations }): TraceTurn {
  return { userInput: turn.user_input, steps: toSteps(turn.steps), expects: turn.expects };
}

function splitIntoTurns(steps: readonly RawStep[]): TraceTurn[] {
  const turns: { userInput: string | undefined; steps: RawStep[] }[] = [];
  let current: { userInput: string | undefined; steps: RawStep[] } = { userInput: undefined, steps: [] };
  for (const step of steps) {
    if (step.response.type === 'user_input') {
      current = { userInput: step.response.content, steps: [] };
      continue;
    }
    if (current.steps.length === 0) turns.push(current);
    current.steps.push(step);
  }
  return turns.map((turn) => ({
    userInput: turn.userInput || suggestInput(turn.steps),
    steps: toSteps(turn.steps),
    expects: {},
  }));
}

function suggestInput(steps: readonly RawStep[]): string {
  return steps[0]?.request_hint?.last_user_message_contains || PLACEHOLDER_INPUT;
}

function toSteps(steps: readonly RawStep[]): TraceStep[] {
  return steps.flatMap((step) => {
    if (step.response.type === 'user_input') return [];
    return [{ hint: toHint(step), expectedToolResults: toExpected(step), answer: toAnswer(step.response) }];
  });
}

function toHint({ request_hint: hint }: RawStep): RequestHint {
  return {
    ...(hint?.last_user_message_contains ? { lastUserMessageContains: hint.last_user_message_contains } : {}),
    ...(hint?.min_message_count ? { minMessageCount: hint.min_message_count } : {}),
  };
}

function toExpected({ expected_tool_results: results }: RawStep): ExpectedToolResult[] {
  return (results ?? []).map(({ tool_call_id: toolCallId, name, content }) => ({
    toolCallId,
    name,
    content,
  }));
}

function toAnswer(response: RawAnswer): TraceAnswer {
  const calls = response.type === 'tool_calls' ? response.tool_calls : [];
  return {
    text: response.content ?? '',
    toolCalls: calls.map(({ id, name, arguments: args }) => ({ id, name, arguments: args ?? {} })),
    inputTokens: response.input_tokens,
    outputTokens: response.output_tokens,
  };
}
