import { z } from 'zod';
import { coerceError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { defineTool } from '../define-tool.ts';
import { query } from '../json-path.ts';
import type { EarlierResult, Tool, ToolContext, ToolOutput } from '../tool.ts';
import { findEarlierResult } from './earlier-result.ts';

const schema = z.object({
  operation: z.enum(['parse', 'query', 'stringify', 'validate']),
  data: z.string().optional().describe('JSON'),
  source_tool_call_id: z
    .string()
    .optional()
    .describe('instead of data: the full result of that earlier call'),
  path: z.string().optional().describe('for query: a.b[0], [*], slice [0:100] of lists and texts'),
});

export function jsonTool(): Tool {
  return defineTool({
    name: 'json',
    description: 'Work with JSON, also with that of an earlier result.',
    schema,
    effect: 'pure',
    approval: 'never',
    powers: [],
    run(args, context) {
      const source = readSource(args, context);
      if (!source.ok) return failed(source.error);
      const { content, origins } = source.value;
      return { ...perform(args, content), ...(origins.length > 0 && { origins }) };
    },
  });
}

type Arguments = z.output<typeof schema>;

/** The text to work on, JSON or not. */
function readSource(
  { data, source_tool_call_id: callId }: Arguments,
  context: ToolContext,
): Result<EarlierResult, string> {
  if (callId === undefined)
    return data === undefined
      ? err('Give data, or source_tool_call_id.')
      : ok({ content: data, origins: [] });
  return findEarlierResult(callId, context);
}

function perform({ operation, path }: Arguments, text: string): ToolOutput {
  const value = parse(text);
  switch (operation) {
    case 'parse':
      return value.ok ? succeeded(indented(value.value)) : failed(`This is not JSON: ${value.error}.`);
    case 'validate':
      return succeeded(JSON.stringify(value.ok ? { valid: true } : { valid: false, error: value.error }));
    case 'stringify':
      return succeeded(JSON.stringify(value.ok ? value.value : text));
    case 'query':
      // Text that is not JSON is one text value, so that parts of it can be read too.
      return select(value.ok ? value.value : text, path ?? '');
  }
}

function select(value: Json, path: string): ToolOutput {
  const found = query(value, path);
  if (!found.ok) return failed(found.error);
  return succeeded(typeof found.value === 'string' ? found.value : indented(found.value));
}

function parse(text: string): Result<Json, string> {
  try {
    return ok(JSON.parse(text));
  } catch (thrown) {
    return err(coerceError(thrown).message);
  }
}

const indented = (value: Json): string => JSON.stringify(value, null, 2);
const succeeded = (content: string): ToolOutput => ({ ok: true, content });
const failed = (content: string): ToolOutput => ({ ok: false, content });
