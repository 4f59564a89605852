import type { Json, JsonObject } from './json.ts';
import type { JobEvent } from './work.ts';

/** What a job did or said, in the same fields whoever told of it. */
export type ToldEvent =
  | { readonly type: 'message'; readonly role: string; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'tool_use'; readonly tool: string; readonly input: Json }
  | { readonly type: 'tool_result'; readonly tool: string; readonly ok: boolean; readonly text: string }
  | { readonly type: 'status'; readonly text: string }
  | { readonly type: 'result'; readonly status: string; readonly text: string };

/**
 * Reads an event. Programs in containers tell of themselves in words of their own: what is not understood is shown as
 * it came, and never thrown over.
 */
export function readJobEvent({ type, data }: Pick<JobEvent, 'type' | 'data'>): ToldEvent {
  const say = (...names: readonly string[]): string => firstText(data, names);
  switch (type) {
    case 'message':
      return { type, role: say('role') || 'assistant', text: say('content', 'text') };
    case 'reasoning':
      return { type, text: say('narrative', 'text', 'content') };
    case 'tool_use':
      return { type, tool: say('tool_name', 'tool'), input: data.input ?? data.arguments ?? null };
    case 'tool_result':
      return {
        type,
        tool: say('tool_name', 'tool'),
        ok: wentWell(data),
        text: say('output', 'content', 'text'),
      };
    case 'status':
      return { type, text: statusOf(data) };
    case 'result':
      return { type, status: say('status', 'finish'), text: say('content', 'text') };
  }
}

const wentWell = ({ ok, outcome = 'succeeded' }: JsonObject): boolean =>
  ok === false ? false : outcome === 'succeeded';

/** `asks: write_file: Writes 3 bytes`. */
function statusOf(data: JsonObject): string {
  const told = ['status', 'tool', 'message', 'content', 'reason', 'decision'];
  const parts = told.flatMap((name) => firstText(data, [name]) || []);
  return parts.length > 0 ? parts.join(': ') : JSON.stringify(data);
}

function firstText(data: JsonObject, names: readonly string[]): string {
  for (const name of names) {
    const value = data[name];
    if (typeof value === 'string' && value !== '') return value;
    if (value !== undefined && value !== null && typeof value !== 'string') return JSON.stringify(value);
  }
  return '';
}
