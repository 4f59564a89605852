import type { FastifyInstance } from 'fastify';
import { SearchAnswer, SearchQuery } from '../../core/api/search.ts';
import { ok } from '../../core/result.ts';
import { searchConversations } from '../search-conversations.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';

export function addSearch(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/search',
    tag: 'chat',
    summary: 'What was said in all conversations.',
    query: SearchQuery,
    answer: SearchAnswer,
    run: async ({ query }) =>
      ok({ hits: await searchConversations({ query: query.q, limit: query.limit }, assistant) }),
  });
}
