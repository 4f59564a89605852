import type { z } from 'zod';
import type { SendRequest } from '../../../core/api/chat.ts';
import { type ChatMessage, FilePart } from '../../../core/api/openai.ts';
import { ok, type Result } from '../../../core/result.ts';
import { type ApiFailure, invalid } from '../failure.ts';

/** A file in a message, as the API takes attachments. */
export type SentFile = SendRequest['attachments'][number];

export interface Content {
  readonly text: string;
  readonly files: readonly SentFile[];
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'input_text', 'output_text', 'refusal']);

/** Text, and files that are wholly in the message. What would have to be fetched is refused. */
export function readContent(content: ChatMessage['content'], place: string): Result<Content, ApiFailure> {
  if (typeof content === 'string') return ok({ text: content, files: [] });
  const texts: string[] = [];
  const files: SentFile[] = [];
  for (const [at, part] of (content ?? []).entries()) {
    const file = TEXTS.has(part.type) ? undefined : FilePart.safeParse(part);
    if (file === undefined) texts.push(part.text ?? '');
    else if (file.success) files.push(fileOf(file.data));
    else return invalid(`${place}.${at}`, `is ${part.type} of a kind that is not taken. ${TAKEN}`);
  }
  return ok({ text: texts.join('\n'), files });
}

const TAKEN =
  'Text is, and so are pictures and files as data: URLs; name others by their address in the text';

function fileOf({ name, data }: z.infer<typeof FilePart>): SentFile {
  const type = /^data:([^;,]*)/.exec(data)?.[1] || 'application/octet-stream';
  return { mime_type: type, filename: name, data_base64: data };
}
