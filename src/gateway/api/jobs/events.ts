import type { FastifyInstance, FastifyReply } from 'fastify';
import { JobEventsQuery, JobEventsReply, JobParams } from '../../../core/api/jobs.ts';
import type { Assistant } from '../../../core/assistant.ts';
import { ok } from '../../../core/result.ts';
import {
  hasEnded,
  type JobDetail,
  type JobEvent,
  type JobUsage,
  type WorkEvent,
} from '../../../core/work.ts';
import type { ApiContext } from '../context.ts';
import { addRoute } from '../route.ts';
import { unknownJob } from './find.ts';
import { STATE_NAMES, usageInfo } from './job-info.ts';

interface Page {
  readonly after: number;
  readonly limit: number;
  readonly latest: boolean;
}

export function addJobEvents(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/jobs/:id/events',
    tag: 'jobs',
    summary: 'What a job did and said, from a cursor on; waits for more where asked to.',
    params: JobParams,
    query: JobEventsQuery,
    answer: JobEventsReply,
    async run({ params: { id }, query, reply }) {
      const job = await assistant.work.get(id);
      if (!job) return unknownJob(assistant.work, id);
      const found = await read(assistant, job, query);
      const isOver = found.events.length > 0 || hasEnded(found.job.state) || query.wait_seconds === 0;
      const { events, usage, job: latest } = isOver ? found : await awaitMore(assistant, job, query, reply);
      const state = STATE_NAMES[latest.state];
      const ended = hasEnded(latest.state) && events.length < query.limit;
      return ok({ events: [...events], ...(usage && { usage: usageInfo(usage) }), state, ended });
    },
  });
}

interface Found {
  readonly job: JobDetail;
  readonly events: readonly JobEvent[];
  readonly usage?: JobUsage | undefined;
}

/** The state is read before the events, so that none that came before the end is missing where it has ended. */
async function read({ work }: Assistant, job: JobDetail, { after, limit, latest }: Page): Promise<Found> {
  const now = (await work.get(job.id)) ?? job;
  const page = latest ? { latest: true as const, limit } : { after, limit };
  return { job: now, events: await work.events(job.id, page) };
}

/** Until something happens in the job, the time is up or whoever asked has gone. */
async function awaitMore(
  assistant: Assistant,
  job: JobDetail,
  query: Page & { readonly wait_seconds: number },
  reply: FastifyReply,
): Promise<Found> {
  const happened = Promise.withResolvers<void>();
  const timer = setTimeout(happened.resolve, query.wait_seconds * 1000);
  reply.raw.once('close', happened.resolve);
  let usage: JobUsage | undefined;
  const stop = assistant.watchWork((event) => {
    if (event.type === 'job-usage' && event.jobId === job.id) usage = event.usage;
    if (isAbout(event, job.id)) happened.resolve();
  });
  try {
    // Something may have happened between the first look and the watch.
    const found = await read(assistant, job, query);
    if (found.events.length > 0 || hasEnded(found.job.state)) return found;
    await happened.promise;
    return { ...(await read(assistant, job, query)), usage };
  } finally {
    stop();
    clearTimeout(timer);
  }
}

function isAbout(event: WorkEvent, id: string): boolean {
  if (event.type === 'job') return event.job.id === id && hasEnded(event.job.state);
  return event.type === 'job-event' && event.jobId === id;
}
