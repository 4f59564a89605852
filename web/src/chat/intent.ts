import type { JsonObject } from '../../../src/core/json.ts';
import type { ToolRow } from './row.ts';

/** Arguments that say best what a call is for, the most telling first. */
const TELLING = [
  'command',
  'path',
  'file_path',
  'url',
  'query',
  'pattern',
  'name',
  'task',
  'title',
  'to',
  'text',
  'expression',
];
const MOST = 160;

/** What a call is for, on one line; where it went wrong, why. */
export function intentOf({ state, arguments: args, content }: ToolRow): string {
  if (state === 'failed' || state === 'refused') return oneLine(content);
  const telling = TELLING.map((name) => args[name]).find(
    (value) => typeof value === 'string' && value !== '',
  );
  return oneLine(typeof telling === 'string' ? telling : allOf(args));
}

const allOf = (args: JsonObject): string =>
  Object.entries(args)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, MOST);
