import type { FastifyInstance } from 'fastify';
import { DoneReply, LetterParams, LettersReply, RestartRequest } from '../../../core/api/inspect.ts';
import type { InspectRefusal } from '../../../core/inspect.ts';
import { ok, type Result } from '../../../core/result.ts';
import type { Look } from '../inspect.ts';
import { addRoute } from '../route.ts';

const tag = 'inspect';

/** What the owner may do to the tree; all of it is in the audit log. */
export function addInterventions(app: FastifyInstance, look: Look): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/inspect/dead-letters',
    tag,
    summary: 'Messages that nobody took, and steps that were put aside; the latest first.',
    answer: LettersReply,
    run: () => look(async (inspector) => ok({ letters: await inspector.deadLetters() })),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/inspect/dead-letters/:id/replay',
    tag,
    summary: 'Sends a dead letter to its receiver again.',
    params: LetterParams,
    answer: DoneReply,
    run: ({ params }) => look(async (inspector) => done(await inspector.replayDeadLetter(params.id))),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/inspect/restart',
    tag,
    summary: 'Ends an actor as if it had crashed, so that its supervisor starts it anew.',
    body: RestartRequest,
    answer: DoneReply,
    run: ({ body }) => look(async (inspector) => done(await inspector.restart(body.path))),
  });
}

const done = (outcome: Result<undefined, InspectRefusal>): Result<{ done: true }, InspectRefusal> =>
  outcome.ok ? ok({ done: true }) : outcome;
