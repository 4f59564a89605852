import { z } from 'zod';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ProgramEnd, Tell } from './bridge-program.ts';
import { shortJson, shortText } from './shorten.ts';

/** What `claude --output-format stream-json` prints, one a line, as far as it is passed on. The rest is passed over. */
const Block = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thinking'), thinking: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.unknown(),
    is_error: z.boolean().optional(),
  }),
  z.object({ type: z.string().transform(() => 'other' as const) }),
]);

const Content = z.union([z.array(Block), z.string().transform(() => [])]);

const Message = z.union([
  z.object({ type: z.literal('system'), session_id: z.string() }),
  z.object({ type: z.literal('assistant'), message: z.object({ content: Content }) }),
  z.object({ type: z.literal('user'), message: z.object({ content: Content }) }),
  z.object({
    type: z.literal('result'),
    subtype: z.string(),
    is_error: z.boolean().default(false),
    result: z.string().optional(),
    session_id: z.string().optional(),
    num_turns: z.number().optional(),
    errors: z.array(z.string()).optional(),
  }),
]);

/** Reads the lines of one run: tells what they say, and remembers how it ended. */
export interface ClaudeReader {
  read(line: string): void;
  /** Undefined as long as it did not say. */
  readonly end: ProgramEnd | undefined;
}

export function createClaudeReader(tell: Tell): ClaudeReader {
  const tools = new Map<string, string>();
  let end: ProgramEnd | undefined;
  return {
    get end() {
      return end;
    },
    read(line) {
      const message = Message.safeParse(parsed(line));
      if (!message.success) return;
      const { data } = message;
      if ('session_id' in data && data.session_id !== undefined) tell.session(data.session_id);
      if (data.type === 'result') end = endOf(data);
      if (data.type !== 'assistant' && data.type !== 'user') return;
      for (const block of data.message.content) {
        const event = eventOf(block, tools);
        if (event) tell.event(...event);
      }
    },
  };
}

type Told = readonly [type: Parameters<Tell['event']>[0], data: JsonObject];

function eventOf(block: z.infer<typeof Block>, tools: Map<string, string>): Told | undefined {
  switch (block.type) {
    case 'text':
      return ['message', { role: 'assistant', content: block.text }];
    case 'thinking':
      return ['reasoning', { narrative: block.thinking }];
    case 'tool_use':
      tools.set(block.id, block.name);
      return ['tool_use', { tool_name: block.name, input: shortJson(block.input) }];
    case 'tool_result': {
      const tool_name = tools.get(block.tool_use_id) ?? 'tool';
      return ['tool_result', { tool_name, output: outputOf(block.content), ok: block.is_error !== true }];
    }
    case 'other':
      return undefined;
  }
}

const Texts = z.array(z.object({ type: z.literal('text'), text: z.string() }));

/** Mostly a text, or a list of texts. */
function outputOf(content: unknown): Json {
  if (typeof content === 'string') return shortText(content);
  const texts = Texts.safeParse(content);
  return texts.success ? shortText(texts.data.map(({ text }) => text).join('\n')) : shortJson(content);
}

function endOf(result: Extract<z.infer<typeof Message>, { type: 'result' }>): ProgramEnd {
  const { subtype, is_error, result: text = '', num_turns, errors = [] } = result;
  if (subtype === 'error_max_turns') {
    return { outcome: 'limited', text: text || `It was ended after ${num_turns ?? 'its'} turns.` };
  }
  if (is_error || subtype !== 'success') {
    return { outcome: 'failed', text: [text, ...errors].filter(Boolean).join('\n') || subtype };
  }
  return { outcome: 'answered', text };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
