import type { FastifyInstance } from 'fastify';
import {
  TurnParams,
  TurnQuery,
  TurnReplay,
  TurnSequence,
  TurnsQuery,
  TurnsReply,
  TurnTestReply,
} from '../../../core/api/inspect.ts';
import { ok } from '../../../core/result.ts';
import type { Look } from '../inspect.ts';
import { addRoute } from '../route.ts';

const tag = 'inspect';

/** Turns of the past and of now, from their journal. */
export function addTurns(app: FastifyInstance, look: Look): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/turns',
    tag,
    summary: 'The latest turns of a conversation, newest first.',
    query: TurnsQuery,
    answer: TurnsReply,
    run: ({ query: { conversation, limit } }) =>
      look(async (inspector) => ok({ turns: await inspector.turns(conversation, limit) })),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/turns/:turnId',
    tag,
    summary: 'A turn step by step, as its statechart goes through its journal again. Nothing is carried out.',
    params: TurnParams,
    query: TurnQuery,
    answer: TurnReplay,
    run: ({ params, query }) => look((inspector) => inspector.replay(query.conversation, params.turnId)),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/turns/:turnId/sequence',
    tag,
    summary: 'Who said what to whom in a turn.',
    params: TurnParams,
    query: TurnQuery,
    answer: TurnSequence,
    run: ({ params, query }) => look((inspector) => inspector.sequence(query.conversation, params.turnId)),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/turns/:turnId/test',
    tag,
    summary: 'A turn as a test file for vitest that drives its statechart with the same events.',
    params: TurnParams,
    query: TurnQuery,
    answer: TurnTestReply,
    run: ({ params, query }) =>
      look(async (inspector) => {
        const test = await inspector.asTest(query.conversation, params.turnId);
        return test.ok ? ok({ test: test.value }) : test;
      }),
  });
}
