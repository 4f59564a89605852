import type { FastifyInstance } from 'fastify';
import { opaque } from '../../core/api/fields.ts';
import type { BudgetReport } from '../../core/budget.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { addRoute } from './route.ts';

export function addBudget(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/budget',
    tag: 'usage',
    summary: 'What models cost and may cost, today, this month, by model and by conversation.',
    answer: opaque<BudgetReport>(),
    run: async () => ok(await assistant.budget()),
  });
}
