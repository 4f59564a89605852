import type { FastifyInstance } from 'fastify';
import { MemoryRestoreBody, MemoryWriteBody, MemoryWriteReply } from '../../core/api/memory.ts';
import type { MemoryDesk, MemoryWrite } from '../../core/memory.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import type { ApiFailure } from './failure.ts';
import { addRoute } from './route.ts';

const tag = 'memory';
/** More than memory keeps in one document, in UTF-8; it says itself what is too long. */
const BODY_LIMIT = 4 * 1024 * 1024;

export function addMemoryWrites(app: FastifyInstance, { assistant: { memory } }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/memory/write',
    tag,
    summary: 'Writes a document, or adds to its end. Text that looks like a secret is taken out of it.',
    body: MemoryWriteBody,
    bodyLimit: BODY_LIMIT,
    answer: MemoryWriteReply,
    run: ({ body: { path, content, append, expected_version, force, origins } }) =>
      write(memory, {
        path,
        text: content,
        append,
        force,
        origins,
        ...(expected_version !== undefined && !force && { ifVersion: expected_version }),
      }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/memory/restore',
    tag,
    summary: 'Writes again what an earlier version held.',
    body: MemoryRestoreBody,
    answer: MemoryWriteReply,
    run: ({ body: { path, version } }) => write(memory, { path, text: '', append: false, restore: version }),
  });
}

async function write(memory: MemoryDesk, change: MemoryWrite): Promise<Result<MemoryWriteReply, ApiFailure>> {
  const stale = await staleness(memory, change);
  if (stale !== undefined) return stale;
  const answer = await explained(() => memory.write(change));
  if (!answer.ok) return answer;
  const written = answer.value;
  if (written.outcome === 'refused') {
    return err({ status: 422, code: 'refused', message: written.reason });
  }
  const { removed, redirected } = written.outcome === 'written' ? written : {};
  return ok({
    path: written.path,
    status: written.outcome === 'written' ? 'written' : 'unchanged',
    redirected: redirected !== undefined,
    version: (await memory.read(written.path))?.version ?? 1,
    notes: [removed, redirected].filter((note) => note !== undefined),
  });
}

/** Memory itself refuses as well, for whoever is faster; here a program is told which version there is. */
async function staleness(memory: MemoryDesk, { path, ifVersion }: MemoryWrite) {
  if (ifVersion === undefined) return undefined;
  const read = await explained(() => memory.read(path));
  if (!read.ok) return read;
  const now = read.value?.version;
  if (now === ifVersion) return undefined;
  const message =
    now === undefined
      ? `There is no document ${path} any more.`
      : `${path} is at version ${now} by now (changed ${read.value?.updatedAt}); your text was made from version ${ifVersion}. Read it again, or send \`force\`.`;
  return err<ApiFailure>({ status: 409, code: 'conflict', message, field: 'expected_version' });
}
