import { err, ok, type Result } from '../../core/result.ts';
import { asDate, asList, asObject, asText, type LooseObject } from './loose-json.ts';
import type { Transcript, Turn } from './transcript.ts';

/** Whether an entry of a `conversations.json` is one of ChatGPT: a tree of messages. */
export const isChatgpt = (entry: LooseObject): boolean => asObject(entry.mapping) !== undefined;

/** The branch of the conversation that was open last; edited questions and answers asked for again are left out. */
export function readChatgpt(entry: LooseObject): Result<Transcript, string> {
  const mapping = asObject(entry.mapping);
  const id = asText(entry.conversation_id) ?? asText(entry.id);
  if (!mapping || id === undefined) return err('It has no messages or no id.');
  const turns = branchOf(mapping, asText(entry.current_node)).flatMap(turnOf);
  return ok({ id, title: asText(entry.title) ?? '', at: asDate(entry.create_time), turns: joined(turns) });
}

/** From the first message to the current one: each knows what it answers. */
function branchOf(mapping: LooseObject, current: string | undefined): readonly LooseObject[] {
  const branch: LooseObject[] = [];
  const seen = new Set<string>();
  let id = current !== undefined && asObject(mapping[current]) ? current : latestLeaf(mapping);
  while (id !== undefined && !seen.has(id)) {
    seen.add(id);
    const node = asObject(mapping[id]);
    const message = asObject(node?.message);
    if (message) branch.push(message);
    id = asText(node?.parent);
  }
  return branch.reverse();
}

function latestLeaf(mapping: LooseObject): string | undefined {
  const leaves = Object.entries(mapping).flatMap(([id, value]) => {
    const node = asObject(value);
    if (!node || asList(node.children).length > 0) return [];
    return [{ id, at: asDate(asObject(node.message)?.create_time)?.getTime() ?? 0 }];
  });
  return leaves.sort((a, b) => b.at - a.at)[0]?.id;
}

/** What a person saw: no system messages, no calls of tools and what they returned, no thoughts. */
function turnOf(message: LooseObject): readonly Turn[] {
  const by = asText(asObject(message.author)?.role);
  if (by !== 'user' && by !== 'assistant') return [];
  if ((asText(message.recipient) ?? 'all') !== 'all') return [];
  if (asObject(message.metadata)?.is_visually_hidden_from_conversation === true) return [];
  const text = textOf(asObject(message.content) ?? {});
  return text === '' ? [] : [{ by, text }];
}

function textOf({ content_type: type, parts }: LooseObject): string {
  if (type !== 'text' && type !== 'multimodal_text') return '';
  return withoutMarks(asList(parts).map(partText).filter(Boolean).join('\n\n')).trim();
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  const object = asObject(part);
  if (object?.content_type === 'audio_transcription') return asText(object.text) ?? '';
  return object?.content_type === 'image_asset_pointer' ? '(a picture)' : '';
}

/** References to sources that only ChatGPT's own page can show, between characters for private use. */
const withoutMarks = (text: string): string => text.replace(/\ue200[^\ue201]*\ue201/g, '');

/** An answer may come in several messages. */
function joined(turns: readonly Turn[]): readonly Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    if (last?.by === turn.by)
      result[result.length - 1] = { by: turn.by, text: `${last.text}\n\n${turn.text}` };
    else result.push(turn);
  }
  return result;
}
