import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IronbarkError } from '../core/errors.ts';
import { type Environment, type LlmConfig, selectModel } from './settings.ts';

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
