import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppEvent, EventsQuery } from '../../../core/api/events.ts';
import { ok } from '../../../core/result.ts';
import { type EventsWanted, feed } from '../../events/feed.ts';
import type { ApiContext } from '../context.ts';
import { addStream } from '../stream-route.ts';

export function addEvents(app: FastifyInstance, context: ApiContext): void {
  addStream(app, context, {
    url: '/api/chat/events',
    tag: 'chat',
    summary:
      'What happens, in all threads or in one, as server-sent events of the shapes of `AppEvent`. After a lost connection `Last-Event-ID` (or `last_event_id`) brings what was missed.',
    query: EventsQuery,
    data: AppEvent,
    async open({ query, request }) {
      const wanted: EventsWanted = {
        threadId: query.thread_id,
        lastEventId: lastEventId(request) ?? query.last_event_id,
      };
      return ok((sink) => feed({ ...context, sink }, wanted));
    },
  });
}

function lastEventId({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}
