import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile } from './page-files.ts';

/** The page's files, each at its own address. */
export function addPages(app: FastifyInstance, pages: ReadonlyMap<string, PageFile>): void {
  for (const [path, file] of pages) app.get(path, (request, reply) => sendPage(file, request, reply));
}

/**
 * The page itself where somebody goes to one of the places that it draws: `/memory`, `/chat/ID`. Undefined for
 * everything else: what programs ask for, and files that there are not.
 */
export function pageForPlace(
  request: FastifyRequest,
  pages: ReadonlyMap<string, PageFile>,
): PageFile | undefined {
  const path = request.url.split('?')[0] ?? '/';
  const isNavigation = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
  const isPlace = /^\/[\w-]+(\/|$)/.test(path) && (!/\.\w+$/.test(path) || path.startsWith('/chat/'));
  return isNavigation && isPlace ? pages.get('/') : undefined;
}

/** What has its content's hash in its name never changes; the rest is asked for again each time. */
const HASHED = '/assets/';

export async function sendPage(
  file: PageFile,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { content, etag, encoding } = await file.read(request.headers['accept-encoding'] ?? '');
  const isHashed = request.url.startsWith(HASHED);
  reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  reply.header('etag', etag).header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.type(file.type).send(content);
}
