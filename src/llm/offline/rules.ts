import type { Json, JsonObject } from '../../core/json.ts';
import { findZone } from './zones.ts';

/** What a rule makes of a message. */
export type Intent =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'help' }
  | { readonly type: 'unknown' }
  | { readonly type: 'call'; readonly tool: string; readonly arguments: JsonObject };

interface Rule {
  /** Matched against the message without space around it. Linear in its length. */
  readonly pattern: RegExp;
  understand(groups: Groups): Intent;
}

type Groups = (name: string) => string;

const call = (tool: string, args: JsonObject): Intent => ({ type: 'call', tool, arguments: args });
const say = (text: string): Intent => ({ type: 'say', text });

/** The first rule that matches decides. */
const RULES: readonly Rule[] = [
  {
    pattern: /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|help|what can you do|\?)[\s!.?,]*$/i,
    understand: () => ({ type: 'help' }),
  },
  {
    pattern: /^(?:please )?(?:remember|don't forget|note)(?: that|:) (?<fact>.+)$/is,
    understand: remember,
  },
  {
    pattern: /^(?:please )?(?:remember|note to self:?) (?<fact>.+)$/is,
    understand: remember,
  },
  {
    pattern:
      /^(?:what (?:do you|do we|did i tell you to) (?:know|remember) about|recall|search (?:your |my )?memory (?:for|about)) (?<query>.*[^\s?])\??$/is,
    understand: (group) => call('memory_search', { query: group('query') }),
  },
  {
    pattern: /^(?:list|show)(?: me)?(?: all)?(?: my)? notes[.?]?$/i,
    understand: () => call('memory_tree', { depth: 10 }),
  },
  {
    pattern: /^(?:read|show|open)(?: me)?(?: the| my)? note (?<name>\S[^\n]*)$/i,
    understand: (group) => call('memory_read', { path: noteName(group('name')) }),
  },
  {
    pattern: /^write(?: the| a)? note (?<name>[^\n:]+):\s*(?<text>.+)$/is,
    understand: (group) => writeNote(group, false),
  },
  {
    pattern: /^(?:add to )?note (?<name>[^\n:]+):\s*(?<text>.+)$/is,
    understand: (group) => writeNote(group, true),
  },
  {
    pattern: /^(?:what(?:'s| is) the time|what time is it|time)(?: now)?(?: in (?<place>[^\n?]{1,60}))?\?*$/i,
    understand: (group) => tellTime(group('place')),
  },
  {
    pattern: /^read(?: the)? file (?<path>\S[^\n]*)$/i,
    understand: (group) => call('read_file', { path: group('path') }),
  },
  {
    pattern: /^(?:list|show)(?: the)? files(?: (?:in|of|under) (?<path>\S[^\n]*))?$/i,
    understand: (group) => call('list_dir', { path: group('path') || '.' }),
  },
  {
    pattern: /^write(?: the| a)? file (?<path>[^\n:]+):\s?(?<text>.*)$/is,
    understand: (group) => call('write_file', { path: group('path').trim(), content: group('text') }),
  },
  {
    pattern: /^(?:run|call|use)(?: the)?(?: tool)? (?<tool>[\w.-]+)(?:(?: with)?\s+(?<json>\{.*))?$/is,
    understand: (group) => runTool(group('tool'), group('json')),
  },
];

/** What a message of the user asks for, as far as rules can tell. */
export function understand(message: string): Intent {
  const text = message.trim();
  for (const { pattern, understand } of RULES) {
    const match = pattern.exec(text);
    if (match) return understand((name) => match.groups?.[name] ?? '');
  }
  return { type: 'unknown' };
}

function remember(group: Groups): Intent {
  return call('memory_write', { content: group('fact').trim(), target: 'memory', append: true });
}

function writeNote(group: Groups, append: boolean): Intent {
  return call('memory_write', { content: group('text'), target: noteName(group('name')), append });
}

/** Notes are Markdown files; people leave the ending out. */
function noteName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.toLowerCase() === 'memory') return 'MEMORY.md';
  return /\.[a-z0-9]+$/i.test(trimmed) ? trimmed : `${trimmed}.md`;
}

function tellTime(place: string): Intent {
  if (place.trim() === '') return call('time', { operation: 'now' });
  const timezone = findZone(place);
  if (timezone) return call('time', { operation: 'now', timezone });
  return say(
    `I know no time zone for "${place.trim()}". Name a larger city, or a zone such as Europe/Berlin.`,
  );
}

function runTool(tool: string, json: string): Intent {
  if (json === '') return call(tool, {});
  const parsed = parseObject(json);
  return typeof parsed === 'string' ? say(`Those are not arguments in JSON: ${parsed}.`) : call(tool, parsed);
}

function parseObject(text: string): JsonObject | string {
  try {
    // The text begins with a brace, so what parses is an object.
    const value: Record<string, Json> = JSON.parse(text);
    return value;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
