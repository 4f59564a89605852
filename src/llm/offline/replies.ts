import { isJsonObject, type Json } from '../../core/json.ts';
import type { ModelMessage } from '../model.ts';
import { unwrapToolOutput } from '../tool-output.ts';

export type ToolMessage = Extract<ModelMessage, { role: 'tool' }>;

/** The results of tool calls as an answer to the user. */
export function replyTo(results: readonly ToolMessage[]): string {
  return results.map(replyToOne).join('\n\n');
}

function replyToOne({ tool, content, failed }: ToolMessage): string {
  const text = unwrapToolOutput(content).trim();
  if (failed) return `That was not done. ${tool} says: ${text || 'no reason was given.'}`;
  return readable(text) || `${tool} is done.`;
}

/** Results are often JSON, which is for machines. */
function readable(text: string): string {
  const value = parse(text);
  return value !== null && typeof value === 'object' ? describe(value, '').trim() : text;
}

/** Deeper levels are left out: nobody reads them in a chat. */
const MAX_INDENT = 12;

function describe(value: Json, indent: string): string {
  if (indent.length > MAX_INDENT) return '…';
  if (Array.isArray(value)) {
    return value.length === 0
      ? 'nothing'
      : value.map((item) => `\n${indent}- ${describe(item, `${indent}  `).trim()}`).join('');
  }
  if (!isJsonObject(value)) return String(value);
  return Object.entries(value)
    .map(([key, item]) => `\n${indent}${key}: ${describe(item, `${indent}  `)}`)
    .join('');
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
