import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import type { Picture } from '../../llm/index.ts';
import type { AskModel } from '../ask-model.ts';
import { defineTool } from '../define-tool.ts';
import { readBytes } from '../files/read-bytes.ts';
import type { FileScope } from '../path-safety.ts';
import type { Tool, ToolContext, ToolOutput } from '../tool.ts';
import { explainFileError } from './file-error.ts';

/** A model may take its time over a large picture. */
const TIMEOUT_MS = 180_000;

export function imageAnalyzeTool(files: FileScope, askModel: AskModel): Tool {
  return defineTool({
    name: 'image_analyze',
    description: 'Look at a picture file and answer a question about it.',
    schema: z.object({
      image_path: z.string().min(1).describe('PNG, JPEG, WebP or GIF'),
      question: z.string().default('What does this picture show?'),
    }),
    aliases: { path: 'image_path' },
    effect: 'idempotent',
    approval: 'never',
    powers: ['reads-private'],
    timeoutMs: TIMEOUT_MS,
    async run({ image_path, question }, context) {
      const picture = await readPicture(files, image_path);
      if (!picture.ok) return { ok: false, content: picture.error };
      return answer(askModel, { path: image_path, picture: picture.value, question }, context);
    },
  });
}

async function answer(
  askModel: AskModel,
  {
    path,
    picture,
    question,
  }: { readonly path: string; readonly picture: Picture; readonly question: string },
  { effectId, conversationId, turnId, signal }: ToolContext,
): Promise<ToolOutput> {
  const order = { effectId, conversationId, turnId, question, pictures: [picture] };
  const answered = await askModel(order, signal);
  const { writes = [] } = answered;
  if (!answered.ok) return { ok: false, content: answered.message, writes };
  return { ok: true, content: answered.text, writes, origins: [`the picture ${path}`] };
}

async function readPicture(files: FileScope, path: string): Promise<Result<Picture, string>> {
  const place = await files.resolve(path);
  if (!place.ok) return place;
  const read = await readBytes(place.value).catch((thrown) => err(explainFileError(thrown, path)));
  if (!read.ok) return read;
  const { bytes } = read.value;
  const mediaType = mediaTypeOf(bytes);
  return mediaType === undefined
    ? err(`${path} is no picture that can be looked at: it must be PNG, JPEG, WebP or GIF.`)
    : ok({ mediaType, data: bytes });
}

/** By the first bytes, whatever the file is called. */
function mediaTypeOf(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  return /^RIFF[\s\S]{4}WEBP/.test(head) ? 'image/webp' : undefined;
}
