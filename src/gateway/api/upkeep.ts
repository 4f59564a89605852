import type { FastifyInstance } from 'fastify';
import {
  BeatReply,
  CleanBody,
  CleanReply,
  HeartbeatReply,
  HygieneReply,
  NotificationsQuery,
  NotificationsReply,
  RepairBody,
  RepairParams,
  RepairReply,
  ToolHealthReply,
} from '../../core/api/upkeep.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { conflict, notFound } from './failure.ts';
import { addRoute } from './route.ts';

const tag = 'upkeep';

/** What the assistant does by itself so that all stays well. */
export function addUpkeep(app: FastifyInstance, { assistant }: ApiContext): void {
  const { upkeep } = assistant;
  addRoute(app, {
    method: 'GET',
    url: '/api/notifications',
    tag,
    summary: 'What the user was told, or is to be told, without having asked for it; newest first.',
    query: NotificationsQuery,
    answer: NotificationsReply,
    run: async ({ query }) => {
      const notifications = await upkeep.notifications(query.limit);
      return ok({
        notifications: notifications.map(({ settledAt, toldIn, ...one }) => ({
          ...one,
          settled_at: settledAt,
          thread_id: toldIn,
        })),
      });
    },
  });
  addHeartbeat(app, { assistant });
  addHygiene(app, { assistant });
  addTools(app, { assistant });
}

type Context = Pick<ApiContext, 'assistant'>;

function addTools(app: FastifyInstance, { assistant: { upkeep } }: Context): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/upkeep/tools',
    tag,
    summary: 'Tools from outside that failed, the latest first.',
    answer: ToolHealthReply,
    run: async () =>
      ok({
        tools: (await upkeep.tools()).map(
          ({ lastError, lastAt, repairJob, lastResult, repairedAt, ...one }) => ({
            ...one,
            last_error: lastError,
            last_at: lastAt,
            repair_job: repairJob,
            last_result: lastResult,
            repaired_at: repairedAt,
          }),
        ),
      }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/upkeep/tools/:tool/repair',
    tag,
    summary: 'Has a tool repaired by a job, which asks before it installs what it built.',
    params: RepairParams,
    body: RepairBody,
    answer: RepairReply,
    status: 202,
    async run({ params: { tool }, body }) {
      const answer = await upkeep.repair(tool, body?.path?.trim() ?? '');
      if (answer.ok) return ok({ job: answer.job, message: answer.message });
      return answer.kind === 'unknown' ? notFound(answer.message) : conflict(answer.message);
    },
  });
}

function addHeartbeat(app: FastifyInstance, { assistant: { upkeep } }: Context): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/heartbeat',
    tag,
    summary: 'When it looks by itself whether something needs attention, and what came of the latest times.',
    answer: HeartbeatReply,
    run: async () => {
      const { enabled, hasWork, when, beats } = await upkeep.heartbeat();
      return ok({
        enabled,
        has_work: hasWork,
        when,
        beats: beats.map(({ dueAt, state, endedAt, detail }) => ({
          due_at: dueAt,
          state,
          ended_at: endedAt,
          detail,
        })),
      });
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/heartbeat/run',
    tag,
    summary: 'Has it look as soon as possible, also in quiet hours.',
    answer: BeatReply,
    run: async () => {
      await upkeep.beat();
      const { hasWork } = await upkeep.heartbeat();
      return ok({ message: hasWork ? LOOKS : NOTHING });
    },
  });
}

const LOOKS = 'It looks. You hear of it where something needs your attention.';
const NOTHING = 'HEARTBEAT.md asks for nothing, so there is nothing to look after.';

function addHygiene(app: FastifyInstance, { assistant: { upkeep } }: Context): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/hygiene',
    tag,
    summary: 'When old things were last removed, and how much of them.',
    answer: HygieneReply,
    run: async () => {
      const { lastAt, removed } = await upkeep.cleaning();
      return ok({ last_at: lastAt, removed });
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/hygiene/run',
    tag,
    summary: 'Removes what is old; with dry_run, tells what that would be.',
    body: CleanBody,
    answer: CleanReply,
    run: async ({ body }) => {
      const removed = await upkeep.clean({ dryRun: body.dry_run });
      return ok({ busy: removed === null, removed: removed ?? {} });
    },
  });
}
