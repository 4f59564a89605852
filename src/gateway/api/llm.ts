import type { FastifyInstance } from 'fastify';
import {
  LlmListBody,
  LlmListReply,
  LlmProvidersReply,
  LlmStatusReply,
  LlmTestBody,
  LlmTestReply,
  LlmThinkingBody,
  LlmUseBody,
} from '../../core/api/llm.ts';
import type { ModelProvider, ModelState, ModelsStatus } from '../../core/models.ts';
import { ok } from '../../core/result.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import { addRoute } from './route.ts';

const tag = 'llm';

export function addLlm(app: FastifyInstance, context: ApiContext): void {
  addLooks(app, context);
  addChoices(app, context);
}

function addLooks(app: FastifyInstance, { assistant: { models } }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/llm/status',
    tag,
    summary: 'Which models are asked, in which order, and how they have done lately.',
    answer: LlmStatusReply,
    run: async () => ok(toStatus(await models.status())),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/llm/providers',
    tag,
    summary: 'Every provider there is, and what is missing to ask it.',
    answer: LlmProvidersReply,
    async run() {
      const [providers, { main }] = await Promise.all([models.providers(), models.status()]);
      return ok({ providers: providers.map((provider) => toProvider(provider, main)) });
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/llm/list_models',
    tag,
    summary: 'What a provider offers now; without its name, the one in use.',
    body: LlmListBody,
    answer: LlmListReply,
    run: ({ body }) =>
      explained(async () => {
        const offers = await models.list(body.provider);
        return {
          models: offers.map(({ reference, title, contextTokens }) => ({
            reference,
            title,
            context_tokens: contextTokens,
          })),
        };
      }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/llm/test_connection',
    tag,
    summary: 'One tiny call; without a reference, to the model in use. That it fails is an answer too.',
    body: LlmTestBody,
    answer: LlmTestReply,
    run: ({ body }) =>
      explained(async () => {
        const { reference, ms, model, failure } = await models.test(body.reference);
        const why = { message: failure?.message ?? null, failure_kind: failure?.kind ?? null };
        return { ok: failure === null, reference, model, ms, ...why };
      }),
  });
}

function addChoices(app: FastifyInstance, { assistant: { models } }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/llm/use',
    tag,
    summary: 'From the next call on this model is asked first, also after a restart.',
    body: LlmUseBody,
    answer: LlmStatusReply,
    run: ({ body }) => explained(async () => toStatus(await models.use(body.reference))),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/llm/thinking',
    tag,
    summary: 'How much models think before they answer, from the next call on.',
    body: LlmThinkingBody,
    answer: LlmStatusReply,
    run: ({ body }) => explained(async () => toStatus(await models.setThinking(body.level))),
  });
}

const toStatus = ({ maxConcurrent, main, cheap, ...status }: ModelsStatus): LlmStatusReply => ({
  ...status,
  main: main.map(toState),
  cheap: cheap.map(toState),
  max_concurrent: maxConcurrent,
});

const toState = ({ reference, state, lastFailure }: ModelState) => ({
  reference,
  state,
  last_failure: lastFailure,
});

function toProvider(provider: ModelProvider, main: readonly ModelState[]) {
  const { keyRequired, keySecret, keyIsSet, baseUrl, defaultModel, ...rest } = provider;
  return {
    ...rest,
    reason: provider.reason ?? troubleOf(provider, main),
    key_required: keyRequired,
    key_secret: keySecret,
    key_is_set: keyIsSet,
    base_url: baseUrl,
    default_model: defaultModel,
  };
}

/** What its models have failed with, where they are left alone for that at the moment. */
function troubleOf({ name }: ModelProvider, main: readonly ModelState[]): string | null {
  const ailing = main.find(({ reference, state }) => reference.startsWith(`${name}/`) && state === 'open');
  return ailing === undefined
    ? null
    : `It does not answer at the moment: ${ailing.lastFailure ?? 'no reason given'}`;
}
