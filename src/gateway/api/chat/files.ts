import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FileUpload, MAX_ATTACHMENT_BYTES } from '../../../core/api/chat.ts';
import { ok } from '../../../core/result.ts';
import { storeFile } from '../../attachments/store-file.ts';
import type { ApiContext } from '../context.ts';
import { invalid, notSupported } from '../failure.ts';
import { addRoute } from '../route.ts';

export function addFiles(app: FastifyInstance, { files, clock }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/files',
    tag: 'chat',
    summary:
      'Stores the body, as it is, where tools can read it. Its name comes percent-encoded in `x-filename`; put `line` into a message.',
    bodyLimit: MAX_ATTACHMENT_BYTES,
    rawBody: true,
    status: 201,
    answer: FileUpload,
    async run({ request }) {
      if (files === undefined) return notSupported('This assistant takes no files.');
      const { body: content } = request;
      if (!Buffer.isBuffer(content) || content.length === 0) return invalid('body', 'is empty');
      const name = nameOf(request);
      if (name === undefined) return invalid('x-filename', 'is not percent-encoded UTF-8');
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const stored = await storeFile(files, day, {
        name,
        type: request.headers['content-type'] ?? '',
        content,
      });
      if (!stored.ok) return invalid('x-filename', stored.error);
      const { path, mime_type, size, line } = stored.value;
      return ok({ path, mime_type, size, line });
    },
  });
}

function nameOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['x-filename'];
  try {
    return decodeURIComponent(typeof header === 'string' ? header : '').slice(0, 1_000);
  } catch {
    return undefined;
  }
}
