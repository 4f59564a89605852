import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IronbarkError } from '../core/errors.ts';
import { PROVIDER_NAMES, PROVIDERS } from './catalogue/providers.ts';
import {
  type Environment,
  type LlmConfig,
  type ModelPlan,
  type ModelSettings,
  modelName,
  resolveModel,
  type StoredChoice,
  selectModels,
} from './settings.ts';

/** The preferred model, with nothing stored and nothing in the vault. */
const selectModel = (config: LlmConfig, env: Environment): ModelSettings =>
  selectModels(config, env, undefined, []).main[0];

describe('choosing a provider', () => {
  test('nothing set is offline', () => {
    expect(selectModel({}, {})).toEqual({ provider: 'offline' });
    expect(selectModel({ provider: '', model: '' }, { OPENAI_API_KEY: '' })).toEqual({ provider: 'offline' });
  });

  test('a key in the environment is enough', () => {
    expect(selectModel({}, { OPENAI_API_KEY: 'sk-1' })).toMatchObject({
      provider: 'openai',
      protocol: 'openai-responses',
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'sk-1',
    });
    expect(selectModel({}, { ANTHROPIC_API_KEY: 'sk-2', ANTHROPIC_MODEL: 'claude-x' })).toMatchObject({
      provider: 'anthropic',
      protocol: 'anthropic-messages',
      model: 'claude-x',
    });
  });

  test('the configuration beats the environment', () => {
    const env = { OPENAI_API_KEY: 'sk-1', OPENAI_MODEL: 'gpt-a', ANTHROPIC_API_KEY: 'sk-2' };
    expect(selectModel({ provider: 'anthropic', model: 'claude-x' }, env)).toMatchObject({
      provider: 'anthropic',
      model: 'claude-x',
      apiKey: 'sk-2',
      sources: { model: 'llm.model', apiKey: 'ANTHROPIC_API_KEY' },
    });
    expect(selectModel({ provider: 'offline' }, env)).toEqual({ provider: 'offline' });
  });

  test('any OpenAI-compatible address works, with or without a key', () => {
    expect(selectModel({}, { LLM_BASE_URL: 'http://box:8080/v1', LLM_MODEL: 'm' })).toMatchObject({
      provider: 'openai-compatible',
      protocol: 'openai-chat',
      model: 'm',
      apiKey: undefined,
    });
    expect(
      selectModel({ base_url: 'https://openrouter.ai/api/v1' }, { IRONBARK_LLM_API_KEY: 'k' }),
    ).toMatchObject({
      baseUrl: 'https://openrouter.ai/api/v1',
      apiKey: 'k',
    });
  });

  test('an address of one service never gets the key of another', () => {
    const env = { IRONBARK_LLM_BASE_URL: 'http://box/v1', OPENAI_API_KEY: 'sk-openai' };
    expect(selectModel({}, env)).toMatchObject({ baseUrl: 'http://box/v1', apiKey: undefined });
  });

  test('a server that imitates OpenAI is spoken to in the older protocol and needs no key', () => {
    expect(selectModel({}, { OPENAI_BASE_URL: 'http://localhost:1234' })).toMatchObject({
      provider: 'openai',
      protocol: 'openai-chat',
      baseUrl: 'http://localhost:1234/v1',
      apiKey: undefined,
    });
  });

  test('Ironbark’s own variables are the configuration in another place', () => {
    const env = { IRONBARK_LLM_PROVIDER: 'openai', IRONBARK_LLM_MODEL: 'gpt-b', OPENAI_API_KEY: 'sk-1' };
    expect(selectModel({}, env)).toMatchObject({ provider: 'openai', model: 'gpt-b' });
  });
});

describe('references', () => {
  const planOf = (
    config: LlmConfig,
    env: Environment,
    stored?: StoredChoice,
    keyNames: readonly string[] = [],
  ): ModelPlan => selectModels(config, env, stored, keyNames);
  const KEYS = { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2', OPENROUTER_API_KEY: 'sk-3' };

  test('name a provider before the first slash, and the rest is the model’s own name', () => {
    const [model] = planOf({}, KEYS, { model: 'openrouter/anthropic/claude-x' }).main;
    expect(model).toMatchObject({ provider: 'openrouter', model: 'anthropic/claude-x', apiKey: 'sk-3' });
  });

  test('without a model are a provider’s usual one', () => {
    expect(planOf({}, KEYS, { model: 'Anthropic' }).main[0]).toMatchObject({
      provider: 'anthropic',
      model: 'claude-sonnet-5-5',
    });
    expect(planOf({}, KEYS, { model: 'offline' }).main).toEqual([{ provider: 'offline' }]);
  });

  test('stand in the configuration where no provider is named', () => {
    expect(planOf({ model: 'anthropic/claude-x' }, KEYS).main[0]).toMatchObject({
      provider: 'anthropic',
      model: 'claude-x',
      apiKey: 'sk-2',
    });
    const env = { LLM_BASE_URL: 'https://openrouter.ai/api/v1' };
    expect(planOf({ model: 'openai/gpt-x' }, env).main[0]).toMatchObject({
      provider: 'openai-compatible',
      model: 'openai/gpt-x',
    });
    expect(planOf({ provider: 'openrouter', model: 'openai/gpt-x' }, KEYS).main[0]).toMatchObject({
      provider: 'openrouter',
      model: 'openai/gpt-x',
    });
  });

  test('that were chosen at run time beat configuration and environment', () => {
    const plan = planOf({ provider: 'anthropic', thinking: 'low' }, KEYS, {
      model: 'openai/gpt-y',
      thinking: 'high',
    });
    expect(plan.main.map(modelName)).toEqual(['openai/gpt-y']);
    expect(plan.thinking).toBe('high');
  });

  test('make a chain, each model once', () => {
    const fallback = ['anthropic/claude-x', 'openai', 'anthropic/claude-x'];
    const plan = planOf({ fallback, cheap_model: 'openai/gpt-small', thinking: 'low' }, KEYS);
    expect(plan.main.map(modelName)).toEqual(['openai/gpt-6-luna', 'anthropic/claude-x']);
    expect(plan.cheap.map(modelName)).toEqual(['openai/gpt-small']);
    expect(plan.thinking).toBe('low');
    const env = { ...KEYS, IRONBARK_LLM_FALLBACK: 'anthropic, offline', IRONBARK_LLM_THINKING: 'Medium' };
    expect(planOf({}, env)).toMatchObject({ main: [{}, { provider: 'anthropic' }, {}], thinking: 'medium' });
  });

  test('get the key, address and model of their own provider alone', () => {
    const config = { provider: 'openai', model: 'gpt-z', api_key: 'of-openai', base_url: 'https://proxy/v1' };
    const env = { ANTHROPIC_API_KEY: 'sk-2', LLM_BASE_URL: 'http://box/v1', IRONBARK_LLM_API_KEY: 'of-home' };
    const plan = planOf({ ...config, fallback: ['anthropic', 'openai-compatible'] }, env);
    expect(plan.main).toMatchObject([
      { provider: 'openai', model: 'gpt-z', apiKey: 'of-openai', baseUrl: 'https://proxy/v1' },
      { provider: 'anthropic', model: 'claude-sonnet-5-5', apiKey: 'sk-2' },
      { provider: 'openai-compatible', apiKey: undefined, baseUrl: 'http://box/v1' },
    ]);
  });

  test('are understood one by one, with the same keys', () => {
    expect(resolveModel('anthropic/claude-x', {}, KEYS, [])).toMatchObject({ apiKey: 'sk-2' });
    expect(() => resolveModel('groq', {}, KEYS, [])).toThrow(/groq needs a key/);
  });

  test('a key in the vault chooses its provider like one in the environment, and goes before it', () => {
    expect(planOf({}, {}, undefined, ['groq_api_key', 'something-else']).main[0]).toMatchObject({
      provider: 'groq',
      apiKey: undefined,
      vaultKey: 'GROQ_API_KEY',
      sources: { apiKey: 'the secret GROQ_API_KEY' },
    });
    expect(planOf({}, KEYS, undefined, ['OPENAI_API_KEY']).main[0]).toMatchObject({
      provider: 'openai',
      vaultKey: 'OPENAI_API_KEY',
    });
    expect(
      planOf({ api_key: 'k', provider: 'openai' }, {}, undefined, ['openai_api_key']).main[0],
    ).toMatchObject({ apiKey: 'k' });
  });

  test('a key that is there for other purposes chooses nothing', () => {
    expect(planOf({}, { HF_TOKEN: 'hf' }).main).toEqual([{ provider: 'offline' }]);
    expect(planOf({}, { HF_TOKEN: 'hf' }, { model: 'huggingface/m' }).main[0]).toMatchObject({
      apiKey: 'hf',
    });
  });

  test('every provider can be named', () => {
    for (const name of PROVIDER_NAMES) {
      const keyNames = PROVIDERS[name].variables.apiKey;
      const config = { provider: name, ...(PROVIDERS[name].baseUrl ? {} : { base_url: 'http://box' }) };
      expect(planOf(config, {}, undefined, keyNames).main[0]).toMatchObject({ provider: name });
    }
  });
});

describe('addresses', () => {
  const baseUrlOf = (config: LlmConfig, env: Environment = {}): string => {
    const settings = selectModel(config, env);
    return settings.provider === 'offline' ? '' : settings.baseUrl;
  };

  test('are completed as people leave them', () => {
    expect(baseUrlOf({ base_url: 'localhost:8080' })).toBe('http://localhost:8080/v1');
    expect(baseUrlOf({ base_url: 'https://host/v1/chat/completions' })).toBe('https://host/v1');
    expect(baseUrlOf({ base_url: 'https://host/api/v2/' })).toBe('https://host/api/v2');
    expect(baseUrlOf({}, { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: 'https://proxy' })).toBe(
      'https://proxy/v1',
    );
  });

  test('Ollama’s listening address becomes one to connect to', () => {
    expect(baseUrlOf({}, { OLLAMA_HOST: '0.0.0.0' })).toBe('http://127.0.0.1:11434/v1');
    expect(baseUrlOf({}, { OLLAMA_HOST: 'gpu-box:9999' })).toBe('http://gpu-box:9999/v1');
    expect(baseUrlOf({}, { OLLAMA_HOST: 'https://ollama.example' })).toBe('https://ollama.example/v1');
    expect(baseUrlOf({ provider: 'ollama' })).toBe('http://127.0.0.1:11434/v1');
  });
});

describe('what cannot work is said, with what to do', () => {
  const problem = (config: LlmConfig, env: Environment = {}): IronbarkError => {
    try {
      selectModel(config, env);
    } catch (error) {
      if (error instanceof IronbarkError) return error;
    }
    throw new Error('expected an IronbarkError');
  };

  test('an unknown provider', () => {
    const error = problem({ provider: 'opnai' });
    expect(error.kind).toBe('config');
    expect(error.hint).toContain('openai, anthropic, ollama');
    expect(() => selectModels({}, {}, { model: 'gpt-6' }, [])).toThrow(/gpt-6/);
  });

  test('an address that is none', () => {
    expect(problem({ base_url: 'ftp://host' }).message).toContain('llm.base_url');
    expect(problem({}, { LLM_BASE_URL: 'http://' }).message).toContain('LLM_BASE_URL');
  });

  test('a provider without its key or address', () => {
    expect(problem({ provider: 'openai' }).hint).toContain('OPENAI_API_KEY');
    expect(problem({ provider: 'openai-compatible' }).hint).toContain('IRONBARK_LLM_BASE_URL');
  });

  test('a key without a provider, and the key is not repeated', () => {
    const error = problem({ api_key: 'sk-secret' });
    expect(`${error.message} ${error.hint}`).not.toContain('sk-secret');
    expect(error.hint).toContain('llm.provider');
  });

  test('nothing but a configuration error is ever thrown', () => {
    const text = fc.option(fc.oneof(fc.string(), fc.webUrl()), { nil: undefined });
    const config = fc.record({ provider: text, model: text, base_url: text, api_key: text });
    const env = fc.dictionary(fc.constantFrom('OPENAI_API_KEY', 'LLM_BASE_URL', 'OLLAMA_HOST'), fc.string());
    fc.assert(
      fc.property(config, env, (config, env) => {
        try {
          selectModel(config, env);
        } catch (error) {
          expect(error).toBeInstanceOf(IronbarkError);
        }
      }),
    );
  });
});
