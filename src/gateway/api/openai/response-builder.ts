import type {
  OutputItem,
  OutputMessage,
  OutputTool,
  ResponseObject,
  ResponseUsage,
} from '../../../core/api/openai.ts';
import type { RecordOf, Usage } from '../../../core/journal.ts';
import type { PartEnd, PartEvent, Question } from '../../turns/turn-part.ts';
import { addUsage } from './chat-answer.ts';
import { questionId } from './response-id.ts';

/** What is known of a response from the start. */
export interface ResponseHead {
  readonly id: string;
  /** Seconds since the Unix epoch; from the journal once the turn has begun. */
  readonly createdAt: number;
  readonly model: string;
  readonly conversationId: string;
  readonly previousId?: string | undefined;
  readonly instructions?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly background?: boolean | undefined;
}

/** One event of the stream, without its number. */
export type ResponseEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A response as it grows: what was said and which tools ran, in order, each an item of its own. */
export interface ResponseBuilder {
  /** What a stream begins with. */
  begin(): readonly ResponseEvent[];
  /** What a stream says of this event. */
  feed(event: PartEvent): readonly ResponseEvent[];
  /** As it is now. */
  object(): ResponseObject;
}

export function createResponseBuilder(head: ResponseHead): ResponseBuilder {
  const output: OutputItem[] = [];
  let status: ResponseObject['status'] = 'queued';
  let model = head.model;
  let { createdAt } = head;
  let spent: Usage | undefined;
  let failure: string | undefined;
  let isCut = false;
  /** The message that is being written. */
  let writing: { readonly call: string; readonly at: number } | undefined;

  const object = (): ResponseObject => ({
    id: head.id,
    object: 'response',
    created_at: createdAt,
    status,
    background: head.background ?? false,
    error: failure === undefined ? null : { code: 'server_error', message: failure },
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    instructions: head.instructions ?? null,
    metadata: { ...head.metadata },
    model,
    output: [...output],
    previous_response_id: head.previousId ?? null,
    conversation: { id: head.conversationId },
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    temperature: null,
    top_p: null,
    store: true,
    usage: spent === undefined ? null : usageOf(spent),
  });

  function add(item: OutputItem): ResponseEvent {
    output.push(item);
    return { type: 'response.output_item.added', output_index: output.length - 1, item };
  }

  function put(at: number, item: OutputItem): ResponseEvent {
    output[at] = item;
    return { type: 'response.output_item.done', output_index: at, item };
  }

  function write(call: string, text: string): readonly ResponseEvent[] {
    const opened = writing?.call === call ? [] : open(call);
    const at = output.length - 1;
    const message = output[at];
    if (message?.type !== 'message') return opened;
    output[at] = { ...message, content: [textPart(textOf(message) + text)] };
    const place = { item_id: message.id, output_index: at, content_index: 0 };
    return [...opened, { type: 'response.output_text.delta', ...place, delta: text, logprobs: [] }];
  }

  function open(call: string): readonly ResponseEvent[] {
    const closed = close();
    const message = messageItem(call);
    const added = add({ ...message, content: [] });
    const at = output.length - 1;
    writing = { call, at };
    const place = { item_id: message.id, output_index: at, content_index: 0 };
    return [...closed, added, { type: 'response.content_part.added', ...place, part: textPart('') }];
  }

  function close(phase: OutputMessage['phase'] = 'final_answer'): readonly ResponseEvent[] {
    const at = writing?.at ?? -1;
    const message = output[at];
    writing = undefined;
    if (message?.type !== 'message') return [];
    const place = { item_id: message.id, output_index: at, content_index: 0 };
    const text = textOf(message);
    return [
      { type: 'response.output_text.done', ...place, text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part: textPart(text) },
      put(at, { ...message, status: 'completed', phase }),
    ];
  }

  function endTool(call: RecordOf<'tool.completed'>): readonly ResponseEvent[] {
    const at = output.findIndex((item) => item.id === toolId(call));
    const item = output[at];
    if (item?.type !== 'mcp_call') return [];
    const done = endedTool(item, call);
    const place = { item_id: item.id, output_index: at };
    return [{ type: `response.mcp_call.${done.status}`, ...place }, put(at, done)];
  }

  function ask(question: Question): readonly ResponseEvent[] {
    const item = questionItem(question);
    return [add(item), put(output.length - 1, item)];
  }

  function end(given: PartEnd): readonly ResponseEvent[] {
    const closed = close();
    const asked = given.kind === 'asked' ? ask(given.question) : [];
    status = statusOf(given);
    isCut = status === 'incomplete';
    if (status === 'failed') failure = given.kind === 'replied' ? given.text : reasonOf(given);
    return [...closed, ...asked, { type: `response.${LAST_EVENT[status]}`, response: object() }];
  }

  return {
    object,
    begin: () => [
      { type: 'response.created', response: { ...object(), status: 'in_progress' } },
      { type: 'response.in_progress', response: { ...object(), status: 'in_progress' } },
    ],
    feed(event) {
      switch (event.type) {
        case 'began':
          status = 'in_progress';
          createdAt = Math.floor(Date.parse(event.at) / 1000);
          return [];
        case 'text':
          return write(event.call, event.text);
        case 'said':
          model = event.model;
          spent = addUsage(spent ?? NO_USAGE, event.usage);
          return writing?.call === event.call && event.more ? close('commentary') : [];
        case 'tool':
          return [...close('commentary'), add(toolItem(event.call))];
        case 'tool-ended':
          return endTool(event.call);
        case 'ended':
          return end(event.end);
      }
    },
  };
}

const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** The stream has no event for what was cancelled; clients read the status. */
const LAST_EVENT: Readonly<Record<ResponseObject['status'], string>> = {
  queued: 'queued',
  in_progress: 'in_progress',
  completed: 'completed',
  incomplete: 'incomplete',
  cancelled: 'incomplete',
  failed: 'failed',
};

function statusOf(end: PartEnd): ResponseObject['status'] {
  if (end.kind === 'asked') return 'completed';
  if (end.kind === 'refused' || end.finish === 'failed') return 'failed';
  if (end.finish === 'interrupted') return 'cancelled';
  return end.cut || end.finish === 'limited' ? 'incomplete' : 'completed';
}

const reasonOf = (end: PartEnd): string => (end.kind === 'refused' ? end.reason : '');

function messageItem(call: string): OutputMessage {
  return {
    type: 'message',
    id: `msg_${call.replace(/\W+/g, '_')}`,
    role: 'assistant',
    status: 'in_progress',
    content: [],
  };
}

const textPart = (text: string): OutputMessage['content'][number] => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: [],
});

const textOf = ({ content }: OutputMessage): string => content.map(({ text }) => text).join('');

const toolId = ({ callId }: { readonly callId: string }): string => `mcp_${callId}`;

function toolItem(call: RecordOf<'tool.requested'>): OutputTool {
  return {
    type: 'mcp_call',
    id: toolId(call),
    server_label: 'ironbark',
    name: call.tool,
    arguments: JSON.stringify(call.arguments),
    status: 'in_progress',
    output: null,
    error: null,
  };
}

/** Longest result of a tool that a response holds, in characters; all of it is in the conversation. */
const MOST_OUTPUT = 16_000;

function endedTool(item: OutputTool, { outcome, content }: RecordOf<'tool.completed'>): OutputTool {
  const text = content.length <= MOST_OUTPUT ? content : `${content.slice(0, MOST_OUTPUT)} …`;
  return outcome === 'succeeded'
    ? { ...item, status: 'completed', output: text }
    : { ...item, status: 'failed', error: text };
}

function questionItem({ approvalId, tool, arguments: args }: Question): OutputItem {
  return {
    type: 'mcp_approval_request',
    id: questionId(approvalId),
    server_label: 'ironbark',
    name: tool,
    arguments: JSON.stringify(args),
  };
}

function usageOf({ inputTokens, outputTokens, ...cache }: Usage): ResponseUsage {
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: cache.cacheReadTokens ?? 0,
      cache_write_tokens: cache.cacheWriteTokens ?? 0,
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
