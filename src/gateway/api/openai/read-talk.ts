import type { ChatMessage, ChatRequest, InputItem, ResponsesRequest } from '../../../core/api/openai.ts';
import { ok, type Result } from '../../../core/result.ts';
import { type ApiFailure, invalid } from '../failure.ts';
import type { Asked, Said } from './asked.ts';
import { readContent, type SentFile } from './read-content.ts';

/** Roles whose words say how to answer. */
const INSTRUCTING: ReadonlySet<string> = new Set(['system', 'developer']);

/** Longest that is taken, in characters. */
const MOST_INSTRUCTIONS = 32_768;

/** The user's new words are the messages after the last one that is not the user's. */
export function readChat({ messages, response_format }: ChatRequest): Result<Asked, ApiFailure> {
  const said = readMessages(messages, 'messages');
  return said.ok ? askedOf(said.value, [formatOf(response_format)], 'messages') : said;
}

/** The same rule; what `instructions` says comes before system messages of the input. */
export function readInput(request: ResponsesRequest): Result<Asked, ApiFailure> {
  const { input, instructions, text } = request;
  const added = [instructions ?? '', formatOf(text?.format)];
  if (typeof input === 'string') return askedOf([{ role: 'user', text: input, files: [] }], added, 'input');
  const said = readMessages(input.map(asMessage), 'input');
  return said.ok ? askedOf(said.value, added, 'input') : said;
}

/** What is no message (a tool's call or its result) was done elsewhere, and is told as such. */
function asMessage(item: InputItem): ChatMessage {
  if ((item.type ?? 'message') === 'message') return { role: item.role ?? 'user', content: item.content };
  const { type, id: _, ...rest } = item;
  return { role: type ?? 'item', content: item.content ?? JSON.stringify(rest) };
}

interface Message extends Said {
  readonly files: readonly SentFile[];
}

function readMessages(
  messages: readonly ChatMessage[],
  place: string,
): Result<readonly Message[], ApiFailure> {
  const said: Message[] = [];
  for (const [at, { role, content }] of messages.entries()) {
    const read = readContent(content, `${place}.${at}.content`);
    if (!read.ok) return read;
    said.push({ role, ...read.value });
  }
  return ok(said);
}

function askedOf(
  said: readonly Message[],
  added: readonly string[],
  place: string,
): Result<Asked, ApiFailure> {
  const talk = said.filter(({ role }) => !INSTRUCTING.has(role));
  const start = talk.findLastIndex(({ role }) => role !== 'user') + 1;
  const text = joined(talk.slice(start));
  const files = talk.slice(start).flatMap((one) => one.files);
  if (text.trim() === '' && files.length === 0) return invalid(place, 'must end with words of the user');
  const system = said.filter(({ role }) => INSTRUCTING.has(role));
  const instructions = [...added, joined(system)].filter((one) => one !== '').join('\n\n');
  if (instructions.length > MOST_INSTRUCTIONS)
    return invalid(place, `holds instructions of more than ${MOST_INSTRUCTIONS} characters`);
  const earlier = talk.slice(0, start).map(({ role, text }) => ({ role, text }));
  return ok({ text, files, instructions, earlier: earlier.filter((one) => one.text !== '') });
}

const joined = (said: readonly Said[]): string => said.map(({ text }) => text).join('\n\n');

/** The shape of the answer, asked for in words: nothing makes the model keep to it. */
function formatOf(format: { readonly type: string } | null | undefined): string {
  if (format?.type === 'json_object') return 'Answer with one JSON object and nothing else.';
  if (format?.type !== 'json_schema') return '';
  const schema = 'json_schema' in format ? format.json_schema : format;
  return `Answer with JSON and nothing else. It must fit this:\n${JSON.stringify(schema)}`;
}
