import type { ContentBlock, SessionUpdate, ToolCallContent } from '@agentclientprotocol/sdk';
import type { Tell } from './bridge-program.ts';
import { shortJson, shortText } from './shorten.ts';

/** Tells what an agent reports of one turn. Its words come in pieces, which are told as a whole. */
export interface UpdateReader {
  read(update: SessionUpdate): void;
  /** Tells what is left, and gives the last words of the agent. */
  finish(): string;
}

interface Open {
  readonly kind: 'message' | 'reasoning';
  text: string;
}

/** Of one message: an agent that never stops is cut, not collected. */
const MOST_CHARACTERS = 1_000_000;

export function createUpdateReader(tell: Tell): UpdateReader {
  const titles = new Map<string, string>();
  let open: Open | undefined;
  let last = '';

  function close(): void {
    if (!open || open.text === '') return;
    if (open.kind === 'message') {
      last = open.text;
      tell.event('message', { role: 'assistant', content: open.text });
    } else tell.event('reasoning', { narrative: open.text });
    open = undefined;
  }

  function add(kind: Open['kind'], content: ContentBlock): void {
    if (content.type !== 'text') return;
    if (open?.kind !== kind) close();
    open ??= { kind, text: '' };
    if (open.text.length < MOST_CHARACTERS) open.text += content.text;
  }

  return {
    read(update) {
      switch (update.sessionUpdate) {
        case 'agent_message_chunk':
          return add('message', update.content);
        case 'agent_thought_chunk':
          return add('reasoning', update.content);
        case 'tool_call':
          close();
          titles.set(update.toolCallId, update.title);
          return tell.event('tool_use', { tool_name: update.title, input: shortJson(update.rawInput) });
        case 'tool_call_update': {
          if (update.status !== 'completed' && update.status !== 'failed') return;
          close();
          const tool_name = update.title ?? titles.get(update.toolCallId) ?? 'tool';
          const output = update.content ? textOf(update.content) : shortJson(update.rawOutput);
          return tell.event('tool_result', { tool_name, output, ok: update.status === 'completed' });
        }
        case 'plan':
          close();
          return tell.event('status', { message: planText(update.entries) });
        default:
          return;
      }
    },
    finish() {
      close();
      return last;
    },
  };
}

const textOf = (content: readonly ToolCallContent[]): string =>
  shortText(
    content
      .map((part) => {
        if (part.type === 'diff') return `changed ${part.path}`;
        return part.type === 'content' && part.content.type === 'text' ? part.content.text : part.type;
      })
      .join('\n'),
  );

const planText = (entries: readonly { readonly content: string; readonly status: string }[]): string =>
  shortText(entries.map(({ content, status }) => `${status}: ${content}`).join('\n'));
