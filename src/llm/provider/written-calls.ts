import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { parseToolArguments } from '../tool-arguments.ts';

/** Calls that a model wrote into its text, and the text without them. */
export interface WrittenCalls {
  readonly text: string;
  readonly calls: readonly { readonly tool: string; readonly arguments: JsonObject }[];
}

type WrittenCall = WrittenCalls['calls'][number];

/** Where a call begins, in the ways that models are trained to write them; at the beginning of a line only. */
const OPENING = /(?:^|\n)[ \t]*(?:<tool_call>|<function=|```tool_call\b)/i;

/** One call with its frame. The last may be cut off, so that every end is optional there. */
const CALLS: readonly RegExp[] = [
  /^\s*<tool_call>(?<body>[\s\S]*?)(?:<\/tool_call>|$)/i,
  /^\s*<function=(?<name>[\w.-]+)>(?<body>[\s\S]*?)(?:<\/function>|$)/i,
  /^\s*```tool_call\b(?<body>[\s\S]*?)(?:```|$)/i,
];

/**
 * Finds the calls that weaker models write as text: `<tool_call>{…}</tool_call>`, `<function=name>{…}</function>` and
 * blocks of code named `tool_call`. They must be the end of the answer and name tools that were offered; in a
 * quotation or in the midst of an explanation they are text.
 */
export function findWrittenCalls(text: string, offered: ReadonlySet<string>): WrittenCalls | undefined {
  const begin = OPENING.exec(text);
  if (begin === null || insideFence(text.slice(0, begin.index))) return undefined;
  const calls: WrittenCall[] = [];
  let rest = text.slice(begin.index);
  while (rest.trim() !== '') {
    const match = firstMatch(rest);
    const call = match && readCall(match);
    if (!call || !offered.has(call.tool)) return undefined;
    calls.push(call);
    rest = rest.slice(match[0].length);
  }
  return { text: text.slice(0, begin.index).trimEnd(), calls };
}

function insideFence(before: string): boolean {
  return (before.match(/^[ \t]*```/gm)?.length ?? 0) % 2 === 1;
}

function firstMatch(text: string): RegExpExecArray | undefined {
  for (const pattern of CALLS) {
    const match = pattern.exec(text);
    if (match) return match;
  }
  return undefined;
}

function readCall({ groups = {} }: RegExpExecArray): WrittenCall | undefined {
  const { name, body = '' } = groups;
  if (name !== undefined) return { tool: name, arguments: readArguments(body) };
  const nested = /^\s*<function=(?<name>[\w.-]+)>(?<body>[\s\S]*?)(?:<\/function>\s*)?$/i.exec(body);
  if (nested) return readCall(nested);
  return readObject(body.trim());
}

/** `{"name": …, "arguments": {…}}`. One that was cut off keeps what was written, for the model to read. */
function readObject(body: string): WrittenCall | undefined {
  const value = parse(body);
  if (!isJsonObject(value)) {
    const tool = /"name"\s*:\s*"([^"\\]+)"/.exec(body)?.[1];
    return tool === undefined ? undefined : { tool, arguments: parseToolArguments(body) };
  }
  const { name, arguments: given, parameters } = value;
  const args = given ?? parameters ?? {};
  if (typeof name !== 'string') return undefined;
  return { tool: name, arguments: isJsonObject(args) ? args : parseToolArguments(textOf(args)) };
}

/** As JSON, or each in a tag of its own. */
function readArguments(body: string): JsonObject {
  const tags = [...body.matchAll(/<parameter=([\w.-]+)>([\s\S]*?)<\/parameter>/gi)];
  if (tags.length === 0) return parseToolArguments(body.trim());
  return Object.fromEntries(
    tags.map(([, name = '', text = '']) => [name, readValue(text.replace(/^\n|\n$/g, ''))]),
  );
}

/** A number, a list or the like where it reads as one, and text otherwise. */
function readValue(text: string): Json {
  return parse(text) ?? text;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
