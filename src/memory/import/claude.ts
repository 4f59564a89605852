import { err, ok, type Result } from '../../core/result.ts';
import { asDate, asList, asObject, asText, type LooseObject } from './loose-json.ts';
import type { Transcript, Turn } from './transcript.ts';

/** Whether an entry of a `conversations.json` is one of Claude: a list of messages. */
export const isClaude = (entry: LooseObject): boolean => Array.isArray(entry.chat_messages);

export function readClaude(entry: LooseObject): Result<Transcript, string> {
  const id = asText(entry.uuid);
  if (id === undefined || !isClaude(entry)) return err('It has no messages or no id.');
  const turns = asList(entry.chat_messages).flatMap((message) => turnOf(asObject(message) ?? {}));
  return ok({ id, title: asText(entry.name) ?? '', at: asDate(entry.created_at), turns });
}

function turnOf(message: LooseObject): readonly Turn[] {
  const by = message.sender === 'human' ? 'user' : message.sender;
  if (by !== 'user' && by !== 'assistant') return [];
  const text = [textOf(message), ...attachmentsOf(message)].filter(Boolean).join('\n\n').trim();
  return text === '' ? [] : [{ by, text }];
}

/** The blocks that are words; without any, as older exports have it, the text beside them. */
function textOf(message: LooseObject): string {
  const blocks = asList(message.content).flatMap((block) => {
    const object = asObject(block);
    return object?.type === 'text' ? [asText(object.text) ?? ''] : [];
  });
  return blocks.filter(Boolean).join('\n\n') || (asText(message.text) ?? '');
}

/** By name only: what a file holds is not what was said. */
const attachmentsOf = ({ attachments }: LooseObject): readonly string[] =>
  asList(attachments).flatMap((one) => {
    const name = asText(asObject(one)?.file_name);
    return name ? [`(attached: ${name})`] : [];
  });
