import type { FastifyInstance } from 'fastify';
import { opaque } from '../../core/api/fields.ts';
import type { ModelsStatus } from '../../core/models.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';

export function addModels(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/models',
    tag: 'llm',
    summary: 'Which language models are asked, and how they do.',
    answer: opaque<ModelsStatus>(),
    run: async () => ok(await assistant.models.status()),
  });
}
