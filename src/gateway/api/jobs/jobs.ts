import type { FastifyInstance } from 'fastify';
import {
  JobBody,
  JobDetailReply,
  JobInfo,
  JobParams,
  JobsQuery,
  JobsReply,
  JobsSummaryReply,
} from '../../../core/api/jobs.ts';
import { ok } from '../../../core/result.ts';
import type { ApiContext } from '../context.ts';
import { explained } from '../explained.ts';
import { addRoute } from '../route.ts';
import { addJobActions } from './actions.ts';
import { addJobEvents } from './events.ts';
import { addJobFiles } from './files.ts';
import { unknownJob } from './find.ts';
import { jobDetailReply, jobInfo } from './job-info.ts';
import { orderOf } from './order.ts';

const tag = 'jobs';

/** Work that goes on by itself. Whoever asks here is the user. */
export function addJobs(app: FastifyInstance, context: ApiContext): void {
  addLists(app, context);
  addOrder(app, context);
  addJobActions(app, context);
  addJobEvents(app, context);
  addJobFiles(app, context);
}

function addLists(app: FastifyInstance, { assistant, clock }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/jobs',
    tag,
    summary: 'Jobs, newest first.',
    query: JobsQuery,
    answer: JobsReply,
    async run({ query: { filter, limit, parent_id } }) {
      const page = { filter, limit, ...(parent_id !== undefined && { parentId: parent_id }) };
      const jobs = await assistant.work.list(page);
      return ok({ jobs: jobs.map((job) => jobInfo(job, clock.now())) });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/jobs/summary',
    tag,
    summary: 'How many jobs there are in each state.',
    answer: JobsSummaryReply,
    async run() {
      const { inProgress, ...counts } = await assistant.work.counts();
      return ok({ ...counts, in_progress: inProgress });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/jobs/:id',
    tag,
    summary: 'One job, with what became of it so far.',
    params: JobParams,
    answer: JobDetailReply,
    async run({ params: { id } }) {
      const job = await assistant.work.get(id);
      return job ? ok(jobDetailReply(job, clock.now())) : unknownJob(assistant.work, id);
    },
  });
}

function addOrder(app: FastifyInstance, { assistant, clock, ids }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/jobs',
    tag,
    summary: 'Orders a job, in the user’s own words.',
    body: JobBody,
    bodyLimit: 512 * 1024,
    answer: JobInfo,
    status: 201,
    run: ({ body }) =>
      explained(async () => {
        const job = await assistant.work.create(orderOf(body), `api/${body.request_id ?? ids.next()}`);
        return jobInfo(job, clock.now());
      }),
  });
}
