import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { nearest } from '../../../config/nearest.ts';
import {
  RoutineBody,
  RoutineDueReply,
  RoutineExplainQuery,
  RoutineExplainReply,
  RoutineParams,
  RoutinePatchBody,
  RoutineReply,
  RoutineRunsQuery,
  RoutineRunsReply,
  RoutinesReply,
  RoutinesSummaryReply,
  RoutineToggleBody,
  RoutineTriggerBody,
  RoutineTriggeredReply,
} from '../../../core/api/routines.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import type { RoutineAnswer, RoutineStatus, RoutinesDesk } from '../../../core/routines.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, conflict, notFound } from '../failure.ts';
import { addRoute } from '../route.ts';
import { draftOf, patchOf } from './from-body.ts';
import { inUtc, toDetail, toDue, toInfo, toRun, toSummary } from './to-shape.ts';

const tag = 'routines';
/** Prompts of 32 KiB and patterns of 64 KiB, and room around them. */
const BODY_LIMIT = 256 * 1024;

/** What is done by itself, and what became of it. */
export function addRoutines(app: FastifyInstance, context: ApiContext): void {
  addReading(app, context);
  addChanging(app, context);
  addStarting(app, context);
}

function addReading(app: FastifyInstance, { assistant: { routines } }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/routines',
    tag,
    summary: 'Every routine, with its next time and whether it works.',
    answer: RoutinesReply,
    run: async () => ok({ routines: (await routines.list()).map(toInfo) }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/routines/summary',
    tag,
    summary: 'How many there are, how many of them work, and how late they begin.',
    answer: RoutinesSummaryReply,
    run: async () => ok(toSummary(await routines.counts())),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/routines/explain',
    tag,
    summary: 'The next five times of a schedule, or why there are none.',
    query: RoutineExplainQuery,
    answer: RoutineExplainReply,
    async run({ query: { schedule, timezone } }) {
      const explained = routines.explain(schedule, timezone);
      if (!explained.ok) return ok({ possible: false, next_times: [], remark: explained.message });
      const { nextTimes, remark } = explained;
      return ok({ possible: true, next_times: nextTimes.map(inUtc), ...(remark !== null && { remark }) });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/routines/:id',
    tag,
    summary: 'One routine, with all that is set of it.',
    params: RoutineParams,
    answer: RoutineReply,
    async run({ params: { id } }) {
      const found = await find(routines, id);
      return found.ok ? ok({ routine: toDetail(found.value), message: '' }) : found;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/routines/:id/runs',
    tag,
    summary: 'The latest runs of a routine, newest first.',
    params: RoutineParams,
    query: RoutineRunsQuery,
    answer: RoutineRunsReply,
    async run({ params: { id }, query: { limit } }) {
      const found = await find(routines, id);
      return found.ok ? ok({ runs: (await routines.runs(found.value.id, limit)).map(toRun) }) : found;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/routines/:id/due',
    tag,
    summary: 'The latest times at which it was due, newest first, and what became of each.',
    params: RoutineParams,
    query: RoutineRunsQuery,
    answer: RoutineDueReply,
    async run({ params: { id }, query: { limit } }) {
      const found = await find(routines, id);
      return found.ok ? ok({ due: (await routines.dueTimes(found.value.id, limit)).map(toDue) }) : found;
    },
  });
}

function addChanging(app: FastifyInstance, { assistant: { routines }, ids }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/routines',
    tag,
    summary: 'Makes a routine, in the words of the user.',
    body: RoutineBody,
    bodyLimit: BODY_LIMIT,
    answer: RoutineReply,
    status: 201,
    run: async ({ body }) => replyOf(await routines.create(draftOf(body), body.external_id ?? ids.next())),
  });
  addRoute(app, {
    method: 'PATCH',
    url: '/api/routines/:id',
    tag,
    summary: 'Changes a routine; what is left out stays.',
    params: RoutineParams,
    body: RoutinePatchBody,
    bodyLimit: BODY_LIMIT,
    answer: RoutineReply,
    async run({ params: { id }, body }) {
      const found = await find(routines, id);
      if (!found.ok) return found;
      return replyOf(await routines.update(found.value.id, patchOf(body, found.value)));
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/routines/:id/toggle',
    tag,
    summary: 'Turns a routine on or off; without `enabled` to what it is not.',
    params: RoutineParams,
    body: RoutineToggleBody,
    answer: RoutineReply,
    async run({ params: { id }, body }) {
      const found = await find(routines, id);
      if (!found.ok) return found;
      const enabled = body?.enabled ?? !found.value.enabled;
      return replyOf(await routines.update(found.value.id, { enabled }));
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/routines/:id',
    tag,
    summary: 'Deletes a routine for good.',
    params: RoutineParams,
    status: 204,
    answer: z.undefined(),
    async run({ params: { id } }) {
      const found = await find(routines, id);
      if (!found.ok) return found;
      await routines.remove(found.value.id);
      return ok(undefined);
    },
  });
}

function addStarting(app: FastifyInstance, { assistant: { routines }, ids }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/routines/:id/trigger',
    tag,
    summary: 'Starts a routine now.',
    params: RoutineParams,
    body: RoutineTriggerBody,
    answer: RoutineTriggeredReply,
    status: 202,
    async run({ params: { id }, body }) {
      const found = await find(routines, id);
      if (!found.ok) return found;
      const fired = await routines.fire(found.value.id, body?.external_id ?? ids.next());
      return fired.ok ? ok({ run: toRun(fired.run) }) : conflict(fired.message);
    },
  });
}

async function find(desk: RoutinesDesk, id: string): Promise<Result<RoutineStatus, ApiFailure>> {
  const found = await desk.get(id);
  if (found !== undefined) return ok(found);
  const near = nearest(
    id,
    (await desk.list()).map(({ name }) => name),
  );
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return notFound(`There is no routine "${id}".${hint}`);
}

function replyOf(answer: RoutineAnswer): Result<{ routine: RoutineDetail; message: string }, ApiFailure> {
  if (answer.ok) return ok({ routine: toDetail(answer.routine), message: answer.message });
  if (answer.kind === 'unknown') return notFound(answer.message);
  if (answer.kind === 'taken') return conflict(answer.message);
  return err({ status: 400, code: 'invalid', message: answer.message });
}

type RoutineDetail = ReturnType<typeof toDetail>;
