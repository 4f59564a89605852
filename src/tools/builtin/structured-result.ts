import { z } from 'zod';
import { coerceError } from '../../core/errors.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';

/** The way in which whoever has no person to talk to hands back something that a program reads. */
export function structuredResultTool(): Tool {
  return defineTool({
    name: 'structured_result',
    description: 'Hand back your result as JSON, checked against the schema you were given.',
    schema: z.object({
      value: z.string().describe('JSON'),
      schema: z.string().optional().describe('JSON Schema'),
    }),
    aliases: { result: 'value' },
    effect: 'pure',
    approval: 'never',
    powers: [],
    async run({ value, schema }) {
      const result = await checked(value, schema);
      return result.ok ? { ok: true, content: result.value } : { ok: false, content: result.error };
    },
  });
}

async function checked(text: string, schemaText: string | undefined): Promise<Result<string, string>> {
  const parsed = parse(text);
  if (schemaText === undefined)
    return parsed.ok ? ok(JSON.stringify(parsed.value)) : err(`The value is not JSON: ${parsed.error}.`);
  const schema = parse(schemaText);
  if (!schema.ok || !isJsonObject(schema.value))
    return err('The schema is not a JSON object. Give it as it was given to you.');
  // What is no JSON may be meant as a text, and so may what looks like a number.
  const readings: readonly Json[] = parsed.ok ? [parsed.value, text] : [text];
  const { errorsAgainst } = await import('../../core/json-schema.ts');
  const complaints: string[] = [];
  for (const value of readings) {
    const errors = errorsAgainst(schema.value, value);
    if (!errors.ok) return errors;
    if (errors.value.length === 0) return ok(JSON.stringify(value));
    complaints.push(errors.value.join(' '));
  }
  const why = parsed.ok ? complaints[0] : `It is not JSON: ${parsed.error}.`;
  return err(`The value does not fit the schema. ${why} Correct it and call again.`);
}

function parse(text: string): Result<Json, string> {
  try {
    return ok(JSON.parse(text));
  } catch (thrown) {
    return err(coerceError(thrown).message);
  }
}
