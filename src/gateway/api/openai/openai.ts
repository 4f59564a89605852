import type { FastifyInstance } from 'fastify';
import { sendNotFound } from '../answers.ts';
import type { ApiContext } from '../context.ts';
import { addChat, type ChatContext } from './chat.ts';
import { createContinuations } from './continuations.ts';
import { addEmbeddings } from './embeddings.ts';
import { asOpenAiFailure } from './failure.ts';
import { addModelList } from './models.ts';
import { addResponses } from './responses.ts';
import { createWaits, type Waits } from './waiting.ts';

/** Where the protocol is spoken: OpenAI's own place, and beside the rest of the API. */
const PREFIXES = ['/v1', '/api/v1'] as const;

/** For programs made for OpenAI's API: the agent loop, models and embeddings in its shapes. */
export function addOpenAi(app: FastifyInstance, context: ApiContext): void {
  const waits = createWaits(context.limits.requestsInFlight);
  const shared = { ...context, continuations: createContinuations() };
  for (const prefix of PREFIXES) app.register(async (scope) => addAll(scope, shared, waits), { prefix });
}

function addAll(app: FastifyInstance, context: ChatContext, waits: Waits): void {
  app.addHook('preSerialization', asOpenAiFailure);
  app.setNotFoundHandler((request, reply) => sendNotFound(app, request, reply));
  addChat(app, context, waits);
  addResponses(app, context, waits);
  addModelList(app, context);
  addEmbeddings(app, context);
}
