import type { FastifyInstance } from 'fastify';
import {
  ActorQuery,
  ActorView,
  ChartParams,
  ChartReply,
  ChartsReply,
  InspectEventsQuery,
  TreeReply,
} from '../../core/api/inspect.ts';
import type { Inspector, InspectRefusal, Watch } from '../../core/inspect.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { EventStream } from '../event-stream.ts';
import type { ApiContext } from './context.ts';
import { type ApiFailure, conflict, notFound, notSupported } from './failure.ts';
import { addInterventions } from './inspect/interventions.ts';
import { addTurns } from './inspect/turns.ts';
import { addRoute } from './route.ts';
import { addStream } from './stream-route.ts';

const tag = 'inspect';

/** The inside of the running assistant, for its owner's eyes. What is shown was redacted before. */
export function addInspect(app: FastifyInstance, context: ApiContext): void {
  const look = looker(context);
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/tree',
    tag,
    summary: 'The tree of supervised actors as it is now.',
    answer: TreeReply,
    run: async () => ok({ root: context.assistant.tree() }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/actor',
    tag,
    summary: 'One actor closely: its statechart and where it stands, its timers, what waits for it.',
    query: ActorQuery,
    answer: ActorView,
    run: ({ query }) => look((inspector) => inspector.actor(query.path)),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/charts',
    tag,
    summary: 'The statecharts that the assistant is made of.',
    answer: ChartsReply,
    run: () => look(async (inspector) => ok({ charts: await inspector.charts() })),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/charts/:hash',
    tag,
    summary: 'One statechart.',
    params: ChartParams,
    answer: ChartReply,
    run: ({ params }) =>
      look(async (inspector) => {
        const chart = await inspector.chart(params.hash);
        return chart ? ok(chart) : err({ kind: 'not-found', message: 'There is no such statechart.' });
      }),
  });
  addStream(app, context, {
    url: '/api/inspect/events',
    tag,
    summary:
      'What happens in the tree, in batches of 80 ms, as server-sent events named `batch`. What is told when nobody listens is lost: nothing is recorded then.',
    query: InspectEventsQuery,
    async open({ query: { tree, transitions, messages, actor } }) {
      const { inspector } = context;
      if (!inspector) return ABSENT;
      return ok((stream) => follow(inspector, { tree, transitions, messages, actors: actor }, stream));
    },
  });
  addTurns(app, look);
  addInterventions(app, look);
}

/** Asks the inspector; its refusals as answers. */
export type Look = <T>(
  ask: (inspector: Inspector) => Promise<Result<T, InspectRefusal>>,
) => Promise<Result<T, ApiFailure>>;

const looker =
  ({ inspector }: ApiContext): Look =>
  async (ask) => {
    if (!inspector) return ABSENT;
    const found = await ask(inspector);
    if (found.ok) return found;
    const { kind, message } = found.error;
    return kind === 'not-found' ? notFound(message) : conflict(message);
  };

const ABSENT = notSupported('This assistant was started without inspection.');

/** A reader that is behind is told how much it missed, not what. */
function follow(inspector: Inspector, watch: Watch, stream: EventStream): void {
  let missed = 0;
  const stop = inspector.watch(watch, (batch) => {
    if (stream.congested) {
      missed += batch.transitions.length + batch.messages.length + batch.deadLetters.length + batch.dropped;
      return;
    }
    stream.push({ event: 'batch', data: { ...batch, dropped: batch.dropped + missed } });
    missed = 0;
  });
  stream.ended.addEventListener('abort', stop);
}
