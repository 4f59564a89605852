import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { LlmConfig } from '../../src/llm/index.ts';
import { startModelServer } from '../../src/llm/testing/openai-server.ts';
import { createMasterKeys, createVault } from '../../src/secrets/index.ts';
import { openMemoryDatabase } from '../../src/storage/testing/memory-database.ts';
import { until } from '../testing/bench.ts';
import { configuredChoice } from './configured-choice.ts';

async function openHome(variables: Readonly<Record<string, string>> = {}, config: LlmConfig = {}) {
  const database = await openMemoryDatabase();
  const home = mkdtempSync(join(tmpdir(), 'ironbark-choice-'));
  const vault = createVault({ database, clock: systemClock, keys: createMasterKeys({ env: {}, home }) });
  const log = pino({ level: 'silent' });
  const open = (given = variables) =>
    configuredChoice({ config, variables: given, vault, database, clock: systemClock, log });
  return { vault, open, [Symbol.asyncDispose]: () => database.close() };
}

const { signal } = new AbortController();

describe('a choice', () => {
  test('is what the environment speaks for, then what a key in the vault does, as soon as it is there', async () => {
    await using home = await openHome();
    const choice = home.open();
    await choice.ready();
    expect(choice.chains().main[0].name).toBe('offline');
    await home.vault.set({ name: 'ANTHROPIC_API_KEY', value: 'sk-of-nobody' });
    await until(() => choice.chains().main[0].name.startsWith('anthropic/'));
    await home.vault.delete('anthropic_api_key');
    await until(() => choice.chains().main[0].name === 'offline');
  });

  test('can wait for its key, which the vault may have from before', async () => {
    await using home = await openHome({}, { provider: 'openai' });
    const choice = home.open();
    expect(() => choice.chains()).toThrow('needs a key');
    await choice.ready();
    expect(() => choice.chains()).toThrow('needs a key');
    await home.vault.set({ name: 'openai_api_key', value: 'sk-of-nobody' });
    const later = home.open();
    await later.ready();
    expect(later.chains().main[0].name).toMatch(/^openai\//);
  });

  test('of the user beats both, is kept, and can be taken back', async () => {
    await using home = await openHome({ OPENAI_API_KEY: 'a', GROQ_API_KEY: 'b' });
    const choice = home.open();
    await choice.use('groq/some-model');
    await choice.setThinking('high');
    expect(choice.chains()).toMatchObject({
      main: [{ name: 'groq/some-model' }],
      thinking: 'high',
      chosen: true,
    });
    const restarted = home.open();
    await restarted.ready();
    expect(restarted.chains()).toMatchObject({ main: [{ name: 'groq/some-model' }], thinking: 'high' });
    await restarted.use('default');
    expect(restarted.chains()).toMatchObject({ thinking: 'high', chosen: false });
    expect(restarted.chains().main[0].name).toMatch(/^openai\//);
  });

  test('that cannot be made changes nothing, and says why', async () => {
    await using home = await openHome({ OPENAI_API_KEY: 'a' });
    const choice = home.open();
    for (const reference of ['anthropic/claude', 'nobody/nothing'])
      await expect(choice.use(reference)).rejects.toMatchObject({ kind: 'usage' });
    expect(choice.chains().main[0].name).toMatch(/^openai\//);
    expect(choice.chains().chosen).toBe(false);
  });

  test('whose key is gone is given up at the next start', async () => {
    await using home = await openHome({ OPENAI_API_KEY: 'a', GROQ_API_KEY: 'b' });
    await home.open().use('groq/some-model');
    const restarted = home.open({ OPENAI_API_KEY: 'a' });
    await restarted.ready();
    expect(restarted.chains().main[0].name).toMatch(/^openai\//);
  });

  test('made again is the same model, which has been loaded by then', async () => {
    await using home = await openHome({ OPENAI_API_KEY: 'a', GROQ_API_KEY: 'b' });
    const choice = home.open();
    await choice.ready();
    const before = choice.chains().main[0];
    await choice.use('groq/some-model');
    await choice.use('default');
    expect(choice.chains().main[0]).toBe(before);
  });
});

describe('a provider', () => {
  test('is asked with the key of the vault, also with a new one', async () => {
    const server = await startModelServer();
    await using home = await openHome({ OPENAI_BASE_URL: server.url });
    await home.vault.set({ name: 'OPENAI_API_KEY', value: 'sk-first-of-nobody' });
    const choice = home.open();
    expect(await choice.test('openai/some-model', signal)).toMatchObject({
      reference: 'openai/some-model',
      failure: null,
    });
    await home.vault.set({ name: 'OPENAI_API_KEY', value: 'sk-second-of-nobody' });
    await choice.test('openai/some-model', signal);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer sk-first-of-nobody',
      'Bearer sk-second-of-nobody',
    ]);
    server.enqueue({ type: 'status', status: 401, body: 'no' });
    expect(await choice.test(undefined, signal)).toMatchObject({
      ms: null,
      failure: { kind: 'unauthorized' },
    });
    await server.close();
  });

  test('tells what it offers, by names that can be used', async () => {
    const server = await startModelServer();
    const body = {
      object: 'list',
      data: [
        { id: 'large', object: 'model' },
        { id: 'small', object: 'model' },
      ],
    };
    server.enqueue({ type: 'status', status: 200, body });
    await using home = await openHome({ OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'a' });
    const choice = home.open();
    const offers = await choice.list('openai', signal);
    expect(offers.map(({ reference }) => reference)).toEqual(['openai/large', 'openai/small']);
    await choice.use('openai/large');
    expect(choice.chains().main[0].name).toBe('openai/large');
    await expect(choice.list('nobody', signal)).rejects.toMatchObject({ kind: 'usage' });
    await server.close();
  });
});
