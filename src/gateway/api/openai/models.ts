import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ModelEntry, ModelList } from '../../../core/api/openai.ts';
import type { Assistant } from '../../../core/assistant.ts';
import { ok, type Result } from '../../../core/result.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, notFound } from '../failure.ts';
import { addOpenAiRoute } from './route.ts';

/** The assistant itself, with whatever model it is set up to ask. */
export const ASSISTANT_MODEL = 'ironbark';

export function addModelList(app: FastifyInstance, context: ApiContext): void {
  addOpenAiRoute(app, {
    method: 'GET',
    url: '/models',
    tag: 'openai',
    summary: 'The assistant, and the models that it is set up to ask.',
    answer: ModelList,
    async run({ reply }) {
      await reply.send({ object: 'list', data: await listModels(context) } satisfies z.infer<
        typeof ModelList
      >);
      return ok(undefined);
    },
  });
  // A reference has a slash in it, which clients may or may not escape.
  addOne(app, context, { url: '/models/:model', params: z.object({ model: z.string() }) });
  addOne(app, context, {
    url: '/models/:provider/:model',
    params: z.object({ provider: z.string(), model: z.string() }),
  });
}

interface Named {
  readonly provider?: string;
  readonly model: string;
}

function addOne(
  app: FastifyInstance,
  context: ApiContext,
  { url, params }: { readonly url: string; readonly params: z.ZodType<Named> },
): void {
  addOpenAiRoute(app, {
    method: 'GET',
    url,
    tag: 'openai',
    summary: 'One of them.',
    params,
    answer: ModelEntry,
    async run({ params: { provider, model }, reply }) {
      const name = provider === undefined ? model : `${provider}/${model}`;
      const found = (await listModels(context)).find(({ id }) => id === name);
      if (found === undefined) return noSuchModel(name);
      await reply.send(found);
      return ok(undefined);
    },
  });
}

/**
 * Refuses a model that there is none of. Which one answers is up to the assistant all the same: what the user chose,
 * and what stands in for it where that fails.
 */
export async function checkModel(
  { assistant }: Pick<ApiContext, 'assistant'>,
  wanted: string,
): Promise<Result<string, ApiFailure>> {
  if (wanted === ASSISTANT_MODEL) return ok(wanted);
  return (await references(assistant)).includes(wanted) ? ok(wanted) : noSuchModel(wanted);
}

const noSuchModel = (wanted: string) =>
  notFound(`There is no model named "${wanted}". Use "${ASSISTANT_MODEL}"; GET /v1/models lists the others.`);

async function listModels({ assistant, embeddings }: ApiContext): Promise<ModelEntry[]> {
  const created = Math.floor(Date.parse(assistant.status().startedAt) / 1000);
  const names = [ASSISTANT_MODEL, ...(await references(assistant)), ...nameOf(embeddings?.model)];
  return [...new Set(names)].map((id) => ({ id, object: 'model', created, owned_by: ownerOf(id) }));
}

const nameOf = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);

const ownerOf = (id: string): string => (id.includes('/') ? (id.split('/')[0] ?? '') : ASSISTANT_MODEL);

async function references({ models }: Assistant): Promise<readonly string[]> {
  const { main } = await models.status();
  return main.map(({ reference }) => reference);
}
