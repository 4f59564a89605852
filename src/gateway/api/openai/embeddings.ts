import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { EmbeddingList, EmbeddingsRequest } from '../../../core/api/openai.ts';
import type { EmbeddingTrouble } from '../../../core/embeddings.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, invalid, notFound, notSupported } from '../failure.ts';
import { ASSISTANT_MODEL } from './models.ts';
import { addOpenAiRoute } from './route.ts';
import { goneSignal } from './waiting.ts';

/** Vectors by the model that memory is searched with. */
export function addEmbeddings(app: FastifyInstance, { embeddings }: ApiContext): void {
  addOpenAiRoute(app, {
    method: 'POST',
    url: '/embeddings',
    tag: 'openai',
    summary: 'Vectors of texts, by the model that memory is searched with.',
    body: EmbeddingsRequest,
    answer: EmbeddingList,
    async run({ body, reply }) {
      const name = embeddings?.model;
      if (embeddings === undefined || name === undefined) return OFF;
      if (body.model !== name && body.model !== ASSISTANT_MODEL) return noSuchModel(body.model, name);
      const texts = typeof body.input === 'string' ? [body.input] : body.input;
      const made = await embeddings.embed(texts, goneSignal(reply));
      if (!made.ok) return failed(made.error);
      const refusal = refusedDimensions(made.value[0]?.length, body.dimensions);
      if (refusal) return refusal;
      const write = body.encoding_format === 'base64' ? base64Of : numbersOf;
      await reply.send(
        listOf(
          name,
          texts,
          made.value.map((vector) => write(vector)),
        ),
      );
      return ok(undefined);
    },
  });
}

const OFF = notSupported(
  'Embeddings are off on this server. Set embeddings.provider to `embedded` or to a provider of models.',
);

const noSuchModel = (wanted: string, name: string) =>
  notFound(`There is no embedding model named "${wanted}" here. Use "${name}".`);

function failed({ kind, message }: EmbeddingTrouble): Result<never, ApiFailure> {
  if (kind === 'off') return OFF;
  const status = kind === 'refused' ? 400 : 503;
  return err({ status, code: `embedding-${kind}`, message });
}

function refusedDimensions(made: number | undefined, wanted: number | null | undefined) {
  if (wanted == null || wanted === made) return undefined;
  return invalid('dimensions', `must be ${made}: the model makes no others`);
}

const numbersOf = (vector: ArrayLike<number>): number[] => Array.from(vector);

/** Written number by number: whatever the machine, the bytes are little-endian. */
function base64Of(vector: ArrayLike<number>): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (let at = 0; at < vector.length; at++) bytes.writeFloatLE(vector[at] ?? 0, at * 4);
  return bytes.toString('base64');
}

function listOf(
  model: string,
  texts: readonly string[],
  vectors: readonly (number[] | string)[],
): z.infer<typeof EmbeddingList> {
  const tokens = texts.reduce((sum, text) => sum + estimatedTokens(text), 0);
  return {
    object: 'list',
    model,
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Four characters a token, as OpenAI says of English; nothing is charged by it. */
const estimatedTokens = (text: string): number => Math.ceil(text.length / 4);
