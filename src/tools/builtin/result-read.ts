import { z } from 'zod';
import { cutToBytes, MAX_SHOWN_BYTES } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import type { EarlierResult, Tool, ToolOutput } from '../tool.ts';
import { findEarlierResult } from './earlier-result.ts';

const DEFAULT_CHARACTERS = 8_000;
/** What fits into one view of the model, with room for the remark about where it is. */
const PAGE_BYTES = MAX_SHOWN_BYTES - 300;
const MOST_MATCHES = 20;
/** What is shown around a match, before and after it. */
const SURROUNDINGS = 150;

export function resultReadTool(): Tool {
  return defineTool({
    name: 'result_read',
    description: 'Read on in an earlier tool result that was shortened, or find a text in it.',
    schema: z.object({
      call_id: z.string().min(1),
      offset: z.int().default(0).describe('first character'),
      limit: z.int().default(DEFAULT_CHARACTERS).describe('characters'),
      find: z.string().optional().describe('instead of a page: where this text occurs'),
    }),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    aliases: { tool_call_id: 'call_id', callId: 'call_id', id: 'call_id', start: 'offset', query: 'find' },
    run({ call_id: callId, offset, limit, find }, context) {
      const found = findEarlierResult(callId, context);
      if (!found.ok) return { ok: false, content: found.error };
      const { content } = found.value;
      const start = Math.min(Math.max(0, offset), content.length);
      const text = find ? matches(content, find, start) : page(content, start, limit);
      return answer(text, found.value);
    },
  });
}

function answer(content: string, { origins }: EarlierResult): ToolOutput {
  return { ok: true, content, ...(origins.length > 0 && { origins }) };
}

function page(content: string, offset: number, limit: number): string {
  const start = wholeCharacter(content, offset, -1);
  const wanted = start + Math.max(1, limit || DEFAULT_CHARACTERS);
  const shown = cutToBytes(content.slice(start, wholeCharacter(content, wanted, 1)), PAGE_BYTES);
  return `${shown}\n[${place(content, start, start + shown.length)}]`;
}

function place(content: string, start: number, end: number): string {
  const rest = content.length - end;
  const where = `Characters ${start} to ${end} of ${content.length}.`;
  return rest === 0 ? `${where} This is the end.` : `${where} Go on with offset ${end}.`;
}

/** The place, or one beside it where it is in the middle of a character that takes two units. */
function wholeCharacter(content: string, place: number, step: 1 | -1): number {
  const unit = content.charCodeAt(place);
  return place > 0 && unit >= 0xdc00 && unit <= 0xdfff ? place + step : place;
}

/** In any letter case, where that does not change lengths. */
function matches(content: string, find: string, start: number): string {
  const [text, wanted] = comparable(content, find);
  const places: number[] = [];
  let at = text.indexOf(wanted, start);
  while (at >= 0 && places.length < MOST_MATCHES) {
    places.push(at);
    at = text.indexOf(wanted, at + wanted.length);
  }
  if (places.length === 0)
    return `"${find}" does not occur from character ${start} on (of ${content.length}).`;
  const blocks = places.map((where) => `[at ${where}] ${around(content, where, find.length)}`);
  const rest = at >= 0 ? [`[There are more. Go on with offset ${at}.]`] : [];
  return cutToBytes([...blocks, ...rest].join('\n'), PAGE_BYTES);
}

function comparable(content: string, find: string): readonly [string, string] {
  const text = content.toLowerCase();
  const wanted = find.toLowerCase();
  return text.length === content.length && wanted.length === find.length ? [text, wanted] : [content, find];
}

function around(content: string, at: number, length: number): string {
  const start = Math.max(0, at - SURROUNDINGS);
  const end = Math.min(content.length, at + length + SURROUNDINGS);
  return `${start > 0 ? '…' : ''}${content.slice(start, end)}${end < content.length ? '…' : ''}`.toWellFormed();
}
