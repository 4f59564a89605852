import type { FastifyInstance } from 'fastify';
import { AppEvent } from '../../core/api/events.ts';
import { ok } from '../../core/result.ts';
import { feedWork } from '../events/feed-work.ts';
import type { ApiContext } from './context.ts';
import { addStream } from './stream-route.ts';

/** For pages that show work and no conversation. */
export function addWorkEvents(app: FastifyInstance, context: ApiContext): void {
  addStream(app, context, {
    url: '/api/work/events',
    tag: 'jobs',
    summary:
      'What becomes of jobs and runs of routines, from now on, as server-sent events of the shapes of `AppEvent`. What happened while nobody listened is read anew from their lists.',
    data: AppEvent,
    async open() {
      return ok((sink) => {
        feedWork({ ...context, sink });
        sink.push({ event: 'heartbeat', data: { type: 'heartbeat' } });
      });
    },
  });
}
