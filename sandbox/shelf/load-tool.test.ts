import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildRustGuest, buildWatGuest, findRustCompiler } from '../testing/guests/index.ts';
import { grant, loadTool } from './load-tool.ts';
import { echoWith, openWorkshop } from './testing/workshop.ts';

const hasRust = (await findRustCompiler()) !== undefined;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function load(bytes: Uint8Array, manifest?: object | string, services = openWorkshop()) {
  const manifestText = typeof manifest === 'object' ? JSON.stringify(manifest) : manifest;
  return loadTool(services, { name: 'probe', bytes, manifestText });
}

const NETWORK = { http: { allowlist: [{ host: 'api.example.com' }] } };

describe('a tool is made of its files', () => {
  test('and says itself what it does', async () => {
    const bytes = await buildWatGuest('echo');
    const loaded = await load(bytes);
    expect(loaded).toMatchObject({
      ok: true,
      value: {
        name: 'probe',
        artefact: { componentHash: sha256(bytes), world: 'tool@0.4.1' },
        tool: { description: 'Gives back what it gets.', parameters: { type: 'object' } },
      },
    });
  });

  test('unless its manifest does, of which no more is kept than a model should read', async () => {
    const description = 'y'.repeat(4_096);
    expect(await load(await buildWatGuest('echo'), { description })).toMatchObject({
      value: { tool: { description }, self: { description: 'Gives back what it gets.' } },
    });
  });

  test('and has nothing of what it asks for until that is approved', async () => {
    const loaded = await load(await buildWatGuest('echo'), NETWORK);
    if (!loaded.ok) throw new Error(loaded.error.message);
    expect(loaded.value.manifest.capabilities.http).not.toBeNull();
    expect(grant(loaded.value, new Set()).granted.http).toBeNull();
    expect(grant(loaded.value, new Set(['http:anything'])).granted.http).toBeNull();
  });

  test('is described once: the next time nothing of it runs', async () => {
    const services = openWorkshop();
    const bytes = await buildWatGuest('echo');
    await load(bytes, undefined, services);
    const unused = { ...services.pool, run: () => Promise.reject(new Error('it ran')) };
    expect(await load(bytes, undefined, { ...services, pool: unused })).toMatchObject({ ok: true });
  });

  test('fits its hash, in whatever spelling', async () => {
    const bytes = await buildWatGuest('echo');
    for (const hash of [sha256(bytes), `sha256:${sha256(bytes).toUpperCase()}`])
      expect(await load(bytes, { sha256: hash })).toMatchObject({ ok: true });
  });
});

describe('a tool is refused', () => {
  test('with every mistake of its manifest, each at its place', async () => {
    const loaded = await load(await buildWatGuest('echo'), {
      description: 5,
      http: { allowlist: [{ host: '*' }], timeout_secs: 'long' },
    });
    expect(loaded).toMatchObject({ ok: false, error: { rule: 'manifest' } });
    const message = loaded.ok ? '' : loaded.error.message;
    expect(message).toMatch(/^The capabilities file is wrong: /);
    for (const path of ['description', 'http.allowlist[0]']) expect(message).toContain(path);
  });

  test('where its manifest is not JSON, or that of another file', async () => {
    const bytes = await buildWatGuest('echo');
    expect(await load(bytes, '{')).toMatchObject({ error: { rule: 'manifest' } });
    const other = 'ab'.repeat(32);
    const loaded = await load(bytes, { sha256: other });
    expect(loaded).toMatchObject({ ok: false, error: { rule: 'hash' } });
    const message = loaded.ok ? '' : loaded.error.message;
    expect(message).toContain(other);
    expect(message).toContain(sha256(bytes));
  });

  test('where its file is no component', async () => {
    expect(await load(Buffer.from('text'))).toMatchObject({ error: { rule: 'not-wasm' } });
  });

  test('where it calls itself a channel', async () => {
    const loaded = await load(await buildWatGuest('echo'), { type: 'channel' });
    expect(loaded).toMatchObject({ ok: false, error: { rule: 'not-a-tool' } });
  });

  test.skipIf(!hasRust)('where it is a channel; looked at as either it is none the worse', async () => {
    const bytes = await buildRustGuest('channel@0.3.1');
    const services = openWorkshop();
    expect(await load(bytes, undefined, services)).toMatchObject({ error: { rule: 'not-a-tool' } });
    const source = { name: 'probe', bytes, manifestText: undefined };
    expect(await loadTool(services, source, 'tool or channel')).toMatchObject({
      ok: true,
      value: { self: { description: 'A channel.' } },
    });
  });

  test.each([
    ['{"type":"array"}', 'at $.type: must be "object"'],
    ['{"properties":{"a":5}}', 'at $.properties.a: must be a schema'],
    ['no schema at all', 'is not JSON'],
  ])('where its schema is none: %s', async (schema, words) => {
    const loaded = await load(await echoWith({ schema }));
    expect(loaded).toMatchObject({
      ok: false,
      error: { rule: 'schema', message: expect.stringContaining(words) },
    });
  });

  test.each([
    ['crashes', '(unreachable)', 'description() crashed (unreachable)'],
    ['never ends', '(loop $again (br $again)) (unreachable)', 'description() crashed (fuel)'],
    ['gives back what it does not have', '(i32.const 131072)', 'description() crashed'],
  ])('where it %s when it is asked what it does, and its slot lives on', async (_, description, words) => {
    const services = openWorkshop();
    const loaded = await load(await echoWith({ description }), undefined, services);
    expect(loaded).toMatchObject({
      ok: false,
      error: { rule: 'description', message: expect.stringContaining(words) },
    });
    expect(await load(await buildWatGuest('echo'), undefined, services)).toMatchObject({ ok: true });
  });
});
