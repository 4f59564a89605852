import type { FastifyInstance } from 'fastify';
import { JobActionBody, JobActionReply, JobParams, JobPromptBody } from '../../../core/api/jobs.ts';
import { ok, type Result } from '../../../core/result.ts';
import type { JobAnswer, WorkDesk } from '../../../core/work.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, conflict } from '../failure.ts';
import { addRoute } from '../route.ts';
import { unknownJob } from './find.ts';
import { jobInfo } from './job-info.ts';

const tag = 'jobs';

interface Action {
  readonly name: string;
  readonly summary: string;
  act(work: WorkDesk, id: string, reason: string | undefined, externalId: string): Promise<JobAnswer>;
}

const ACTIONS: readonly Action[] = [
  {
    name: 'cancel',
    summary: 'Stops a job and its parts. One that has ended is left as it is: 409 says how it ended.',
    act: (work, id, reason, externalId) => work.cancel(id, reason ?? 'You cancelled it.', externalId),
  },
  {
    name: 'restart',
    summary: 'Orders a failed or cancelled job once more, as a new one.',
    act: (work, id, _reason, externalId) => work.restart(id, externalId),
  },
  {
    name: 'accept',
    summary: 'Takes the result of a job.',
    act: (work, id, reason, externalId) => work.judge(id, 'accept', reason ?? null, externalId),
  },
  {
    name: 'reject',
    summary: 'Sends the result of a job back: it counts as failed.',
    act: (work, id, reason, externalId) => work.judge(id, 'reject', reason ?? null, externalId),
  },
];

export function addJobActions(app: FastifyInstance, context: ApiContext): void {
  for (const action of ACTIONS) addAction(app, context, action);
  addPrompt(app, context);
}

function addAction(app: FastifyInstance, { assistant, clock, ids }: ApiContext, action: Action): void {
  addRoute(app, {
    method: 'POST',
    url: `/api/jobs/:id/${action.name}`,
    tag,
    summary: action.summary,
    params: JobParams,
    body: JobActionBody,
    answer: JobActionReply,
    async run({ params: { id }, body: { reason, request_id } }) {
      const { work } = assistant;
      const externalId = `api/${action.name}/${request_id ?? ids.next()}`;
      return replyOf(work, id, await action.act(work, id, reason, externalId), clock.now());
    },
  });
}

function addPrompt(app: FastifyInstance, { assistant, clock, ids }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/jobs/:id/prompt',
    tag,
    summary: 'Says something to a running job, in the user’s own words.',
    params: JobParams,
    body: JobPromptBody,
    bodyLimit: 512 * 1024,
    answer: JobActionReply,
    async run({ params: { id }, body: { content, done, request_id } }) {
      const { work } = assistant;
      const answer = await work.prompt(id, content, done, `api/prompt/${request_id ?? ids.next()}`);
      return replyOf(work, id, answer, clock.now());
    },
  });
}

async function replyOf(
  work: WorkDesk,
  id: string,
  answer: JobAnswer,
  now: number,
): Promise<Result<JobActionReply, ApiFailure>> {
  if (answer.ok) return ok({ job: jobInfo(answer.job, now), message: answer.message });
  return answer.kind === 'refused' ? conflict(answer.message) : unknownJob(work, id);
}
