import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Fastify from 'fastify';
import { z } from 'zod';
import { sendNotFound, sendThrown } from './answers.ts';
import { AREAS } from './areas.ts';
import { takeBodies } from './bodies.ts';
import type { ApiContext } from './context.ts';
import { guard } from './guard.ts';
import { describeRoutes } from './openapi.ts';

/** Everything under `/api`, `/v1` and `/webhook`. */
export interface Api {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/**
 * Not listening itself: it is made when the first request for it comes, so that a start costs none of it, and handed
 * the gateway's requests from then on.
 */
export async function createApi(context: ApiContext): Promise<Api> {
  const app = Fastify({ logger: false, exposeHeadRoutes: false, routerOptions: { maxParamLength: 2_000 } });
  // `readParts` checks, and types what it checked; answers are typed where they are made.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(context.checkAnswers ? checkAnswer : () => JSON.stringify);
  app.setNotFoundHandler((request, reply) => sendNotFound(app, request, reply));
  app.setErrorHandler((error, _, reply) => sendThrown(error, reply, context.log));
  guard(app, context);
  takeBodies(app);
  await describeRoutes(app, context.version);
  for (const load of AREAS) {
    const area = await load();
    await app.register(async (scope) => area(scope, context));
    await nextTurn();
  }
  await app.ready();
  return { handle: (request, response) => app.routing(request, response), close: () => app.close() };
}

/** What the schema does not know is left out, so that a test which expects it fails. */
function checkAnswer({ schema }: { schema: unknown }): (answer: unknown) => string {
  return (answer) => JSON.stringify(schema instanceof z.ZodType ? schema.parse(answer) : answer);
}
