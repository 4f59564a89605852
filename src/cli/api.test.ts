import { readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { buildWatGuest } from '../../sandbox/testing/guests/index.ts';
import { AuditReply } from '../core/api/audit.ts';
import { ExtensionReply, ToolsReply } from '../core/api/extensions.ts';
import { LlmProvidersReply, LlmStatusReply } from '../core/api/llm.ts';
import { LogsReply } from '../core/api/logs.ts';
import { MemoryExplainReply, MemoryTreeReply } from '../core/api/memory.ts';
import { SecretsReply } from '../core/api/secrets.ts';
import { SettingsReply, ToolPermissionsReply } from '../core/api/settings.ts';
import { GatewayStatusReply } from '../core/api/status.ts';
import { TokensReply } from '../core/api/tokens.ts';
import { UsageReply } from '../core/api/usage.ts';
import { ask } from '../gateway/testing/ask.ts';
import { startWhole, type WholeAssistant } from './testing/whole-assistant.ts';

/** The HTTP API over a real assistant: its database, its files, its policy. */

let whole: WholeAssistant;
beforeAll(async () => {
  whole = await startWhole();
});
afterAll(() => whole[Symbol.asyncDispose]());

const put = (path: string, body: unknown) => whole.ask(path, { method: 'PUT', body });
const post = (path: string, body: unknown = {}) => whole.ask(path, { method: 'POST', body });
const remove = (path: string) => whole.ask(path, { method: 'DELETE' });
const configFile = () => readFileSync(join(whole.home, 'config.toml'), 'utf8');

test.each([
  '/api/memory/tree',
  '/api/settings',
  '/api/secrets',
  '/api/llm/providers',
  '/api/tokens',
  '/api/profile',
  '/api/gateway/status',
  '/api/approvals',
  '/api/usage',
  '/api/audit',
  '/api/logs',
  '/api/logs/events',
  '/api/extensions',
  '/api/tools',
  '/api/settings/tools',
  '/api/jobs',
])('%s is for those who are logged in', async (path) => {
  const { status, json } = await ask(whole, path);
  expect([status, json]).toEqual([
    401,
    { error: { code: 'unauthorized', message: expect.stringContaining('Not logged in') } },
  ]);
});

describe('memory', () => {
  beforeAll(async () => {
    const content = 'The boat lies at pier seven.\n\nThe key is with Anna.\n';
    await post('/api/memory/write', { path: 'boat/notes.md', content });
    await post('/api/memory/write', { path: 'boat/notes.md', content: 'It is red.', append: true });
  });

  test('a document is read back, as it is and as it was', async () => {
    const now = await whole.ask('/api/memory/read?path=boat/notes.md');
    expect(now.json).toMatchObject({ path: 'boat/notes.md', version: 2, origins: [] });
    expect(now.json).toHaveProperty('content', expect.stringContaining('It is red.'));
    const before = await whole.ask('/api/memory/read?path=boat/notes.md&version=1');
    expect(before.json).toHaveProperty('content', expect.not.stringContaining('red'));
    expect((await whole.ask('/api/memory/read?path=boat/other.md')).status).toBe(404);
    expect((await whole.ask('/api/memory/read?path=boat/notes.md&version=9')).status).toBe(404);
  });

  test('tree and folder list it', async () => {
    const tree = await whole.ask('/api/memory/tree');
    expect(tree.json).toMatchObject({
      complete: true,
      entries: expect.arrayContaining([expect.objectContaining({ path: 'boat/notes.md', is_dir: false })]),
    });
    const list = await whole.ask('/api/memory/list');
    expect(list.json).toMatchObject({
      entries: expect.arrayContaining([{ name: 'boat', path: 'boat', is_dir: true, documents: 1 }]),
    });
    const paths = await whole.ask('/api/memory/paths?after=a');
    expect(paths.json).toMatchObject({ paths: expect.arrayContaining(['boat/notes.md']) });
  });

  test('a search finds its passage, with the words that fit and where they stand', async () => {
    const { json } = await post('/api/memory/search', { query: 'pier' });
    expect(json).toMatchObject({ results: [{ path: 'boat/notes.md', score: expect.any(Number) }] });
    const [hit] = Array.isArray(Object(json).results) ? Object(json).results : [];
    const [start, end] = hit.highlights[0];
    expect(hit.content.slice(start, end)).toBe('pier');
  });

  test('a query of any length is answered', async () => {
    expect((await post('/api/memory/search', { query: 'pier '.repeat(9_000) })).status).toBe(200);
  });

  test('a change that was made from an older version is refused, unless it is forced', async () => {
    const body = { path: 'boat/notes.md', content: 'New.', expected_version: 1 };
    const refused = await post('/api/memory/write', body);
    expect(refused.status).toBe(409);
    expect(refused.json).toMatchObject({
      error: { code: 'conflict', field: 'expected_version', message: expect.stringContaining('version 2') },
    });
    const forced = await post('/api/memory/write', { ...body, force: true });
    expect(forced.json).toMatchObject({ status: 'written', version: 3 });
    const back = await post('/api/memory/restore', { path: 'boat/notes.md', version: 2 });
    expect(back.json).toMatchObject({ status: 'written', version: 4 });
    const read = await whole.ask('/api/memory/read?path=boat/notes.md');
    expect(read.json).toHaveProperty('content', expect.stringContaining('pier seven'));
  });

  test('versions and the origin of each passage are told', async () => {
    const versions = await whole.ask('/api/memory/versions?path=boat/notes.md');
    expect(versions.json).toMatchObject({
      versions: expect.arrayContaining([expect.objectContaining({ version: 1 })]),
    });
    const explained = await whole.ask('/api/memory/explain?path=boat/notes.md');
    expect(explained.json).toMatchObject({
      passages: expect.arrayContaining([
        expect.objectContaining({
          first_line: 1,
          sources: [expect.objectContaining({ by: 'user', says: expect.stringContaining('user') })],
        }),
      ]),
    });
    expect((await whole.ask('/api/memory/versions?path=none.md')).status).toBe(404);
  });

  test('forgetting only tells what would be gone, until it is meant', async () => {
    await post('/api/memory/write', { path: 'secret/plan.md', content: 'Nobody knows.' });
    const target = { kind: 'document', path: 'secret/plan.md' };
    const dry = await post('/api/memory/forget', { target });
    expect(dry.json).toMatchObject({ dry_run: true, documents: [{ path: 'secret/plan.md', whole: true }] });
    expect((await whole.ask('/api/memory/read?path=secret/plan.md')).status).toBe(200);
    await post('/api/memory/forget', { target, dry_run: false });
    expect((await whole.ask('/api/memory/read?path=secret/plan.md')).status).toBe(404);
  });

  test('tidying, its steps and its size are told', async () => {
    expect((await post('/api/memory/tidy')).json).toMatchObject({ dry_run: true, steps: [] });
    expect((await whole.ask('/api/memory/steps')).json).toEqual({ steps: [] });
    expect((await post('/api/memory/undo', { step_id: 'none' })).json).toMatchObject({ undone: false });
    expect((await whole.ask('/api/memory/status')).json).toMatchObject({ documents: expect.any(Number) });
  });

  test.each([
    ['/api/memory/read', 'query.path'],
    ['/api/memory/read?path=x&version=last', 'query.version'],
    ['/api/memory/tree?depth=deep', 'query.depth'],
  ])('%s is refused with the field', async (path, field) => {
    const { status, json } = await whole.ask(path);
    expect([status, json]).toMatchObject([400, { error: { code: 'invalid', field } }]);
  });

  test('a path that memory does not take is refused with its reason', async () => {
    const { status, json } = await post('/api/memory/write', { path: '../out.md', content: 'x' });
    expect([status, json]).toMatchObject([422, { error: { code: 'refused', message: expect.any(String) } }]);
  });
});

test.each<[string, z.ZodType]>([
  ['/api/memory/tree', MemoryTreeReply],
  ['/api/memory/explain?path=boat/notes.md', MemoryExplainReply],
  ['/api/settings', SettingsReply],
  ['/api/settings/tools', ToolPermissionsReply],
  ['/api/secrets', SecretsReply],
  ['/api/llm/providers', LlmProvidersReply],
  ['/api/llm/status', LlmStatusReply],
  ['/api/tokens', TokensReply],
  ['/api/gateway/status', GatewayStatusReply],
  ['/api/usage', UsageReply],
  ['/api/audit', AuditReply],
  ['/api/logs', LogsReply],
  ['/api/tools', ToolsReply],
])('%s answers as the OpenAPI document says', async (path, schema) => {
  expect(schema.safeParse((await whole.ask(path)).json).error).toBeUndefined();
});

describe('settings', () => {
  test('each says what it means, and secrets are not among them', async () => {
    const { json } = await whole.ask('/api/settings');
    expect(json).toMatchObject({
      file: join(whole.home, 'config.toml'),
      settings: expect.arrayContaining([
        expect.objectContaining({ key: 'agent.while_busy', type: 'choice', needs_restart: false }),
        expect.objectContaining({ key: 'gateway.host', editable: false }),
        expect.objectContaining({ key: 'llm.api_key', secret: true, value: null }),
      ]),
    });
  });

  test('one is written beside what is there, counts at once, and goes back', async () => {
    writeFileSync(join(whole.home, 'config.toml'), '# mine\n[budget]\nmonth_usd = 5 # enough\n');
    const set = await put('/api/settings/budget.day_usd', { value: 2.5 });
    expect(set.json).toMatchObject({ needs_restart: false, setting: { value: 2.5, source: 'file' } });
    expect(configFile()).toBe('# mine\n[budget]\nmonth_usd = 5 # enough\nday_usd = 2.5\n');
    const { json } = await whole.ask('/api/usage?days=1');
    expect(json).toMatchObject({ budgets: { today: { limit_usd: 2.5 }, month: { limit_usd: 5 } } });
    const unset = await remove('/api/settings/budget.day_usd');
    expect(unset.json).toMatchObject({ setting: { value: 0, source: expect.not.stringContaining('file') } });
    expect((await whole.ask('/api/usage')).json).toMatchObject({ budgets: { today: { limit_usd: null } } });
  });

  test('what counts from the next start on says so', async () => {
    const { json } = await put('/api/settings/watchdog.report_after_ms', { value: 400 });
    expect(json).toMatchObject({ needs_restart: true, setting: { restart_pending: true } });
    expect((await whole.ask('/api/settings')).json).toMatchObject({
      restart_pending: expect.arrayContaining(['watchdog.report_after_ms']),
    });
    await remove('/api/settings/watchdog.report_after_ms');
  });

  test.each([
    ['budget.day_usd', { value: 'much' }, 400, 'value'],
    ['budget.day_usd', {}, 400, 'value'],
    ['budget.nothing', { value: 1 }, 404, undefined],
    ['gateway.host', { value: '0.0.0.0' }, 403, undefined],
  ])('%s = %j is refused', async (key, body, status, field) => {
    const answer = await put(`/api/settings/${key}`, body);
    expect([answer.status, Object(answer.json).error.field]).toEqual([status, field]);
  });

  test('an export can be imported, and one bad setting leaves everything as it was', async () => {
    await put('/api/settings/agent.max_iterations', { value: 20 });
    const exported = await whole.ask('/api/settings/export');
    expect(exported.json).toMatchObject({ settings: { 'agent.max_iterations': 20 } });
    await remove('/api/settings/agent.max_iterations');
    const before = configFile();
    const wrong = { settings: { 'agent.max_iterations': 30, 'log.level': 'loud' } };
    expect((await post('/api/settings/import', wrong)).json).toMatchObject({
      error: { field: 'settings.log.level' },
    });
    expect(configFile()).toBe(before);
    expect((await post('/api/settings/import', exported.json)).json).toMatchObject({
      changed: expect.arrayContaining(['agent.max_iterations']),
      needs_restart: false,
    });
    expect((await whole.ask('/api/settings/agent.max_iterations')).json).toMatchObject({
      setting: { value: 20 },
    });
  });

  test('a file that was broken by hand is told with its line, and not touched', async () => {
    const before = configFile();
    writeFileSync(join(whole.home, 'config.toml'), '[budget\n');
    const { status, json } = await put('/api/settings/budget.day_usd', { value: 1 });
    expect([status, json]).toMatchObject([409, { error: { message: expect.stringContaining('line 1') } }]);
    writeFileSync(join(whole.home, 'config.toml'), before);
  });

  test('the time zone of the profile counts at once, and a wrong one is refused', async () => {
    const changed = await put('/api/profile', {
      name: 'Ada',
      timezone: 'Pacific/Kiritimati',
      locale: 'de-CH',
    });
    expect(changed.json).toEqual({ name: 'Ada', timezone: 'Pacific/Kiritimati', locale: 'de-CH', fixed: {} });
    expect((await whole.ask('/api/usage')).json).toMatchObject({ timezone: 'Pacific/Kiritimati' });
    expect((await put('/api/profile', { timezone: 'Moon/Base' })).status).toBe(400);
    const back = await put('/api/profile', { name: null, timezone: null, locale: '' });
    expect(back.json).toMatchObject({ name: null, locale: null });
  });

  test('the choice of models follows a new address at once', async () => {
    await put('/api/settings/llm.base_url', { value: 'http://127.0.0.1:9/v1' });
    expect((await whole.ask('/api/llm/status')).json).toMatchObject({
      main: [{ reference: 'openai-compatible/default' }],
    });
    await remove('/api/settings/llm.base_url');
    expect((await whole.ask('/api/llm/status')).json).toMatchObject({ main: [{ reference: 'offline' }] });
  });

  test('a provider without its key is saved, and said to be of no use yet', async () => {
    const { json } = await put('/api/settings/llm.provider', { value: 'mistral' });
    expect(json).toMatchObject({ message: expect.stringContaining('needs a key') });
    expect((await whole.ask('/api/llm/status')).json).toMatchObject({ main: [{ reference: 'offline' }] });
    await remove('/api/settings/llm.provider');
  });
});

describe('permissions', () => {
  const stateOf = async (name: string) => {
    const { json } = await whole.ask('/api/settings/tools');
    return Object(json).tools.find((tool: { name: string }) => tool.name === name);
  };

  test('every tool says what it may do without asking', async () => {
    expect(await stateOf('write_file')).toMatchObject({
      source: 'builtin',
      powers: expect.arrayContaining(['changes']),
      locked: false,
      states: expect.arrayContaining(['disabled']),
      grants: [],
    });
  });

  test('one is allowed, asked about, turned off and left to itself again', async () => {
    const set = async (state: string) =>
      Object((await put('/api/settings/tools/shell', { state })).json).tool;
    const { default_state: usual } = await stateOf('shell');
    expect(await set('disabled')).toMatchObject({ current_state: 'disabled' });
    expect(await set('ask_each_time')).toMatchObject({ current_state: 'ask_each_time' });
    expect(await set('default')).toMatchObject({ current_state: usual });
    expect((await whole.ask('/api/audit?tool=shell')).json).toMatchObject({
      entries: expect.arrayContaining([expect.objectContaining({ kind: 'permission.set' })]),
    });
  });

  test('a grant is given beforehand and taken back', async () => {
    const given = await post('/api/grants', { tool: 'write_file', targets: ['/srv/notes'] });
    expect([given.status, given.json]).toMatchObject([201, { scope: 'only /srv/notes' }]);
    expect(await stateOf('write_file')).toMatchObject({ grants: [{ scope: 'only /srv/notes' }] });
    const id = Object(given.json).grant_id;
    expect((await remove(`/api/grants/${id}`)).status).toBe(204);
    expect((await remove(`/api/grants/${id}`)).status).toBe(404);
    expect((await post('/api/grants', { tool: 'no_such_tool' })).status).toBe(400);
  });

  test.each([
    ['no_such_tool', 'disabled', 404],
    ['shell', 'sometimes', 400],
  ])('%s cannot be %s', async (name, state, status) => {
    expect((await put(`/api/settings/tools/${name}`, { state })).status).toBe(status);
  });

  test('what the administrator forbids is locked, and says where', async () => {
    writeFileSync(join(whole.home, 'policy.toml'), '[tools]\nforbidden = ["shell"]\n');
    expect(await stateOf('shell')).toMatchObject({
      locked: true,
      current_state: 'disabled',
      states: [],
      locked_reason: expect.stringContaining('policy.toml'),
    });
    expect((await put('/api/settings/tools/shell', { state: 'default' })).status).toBe(400);
    writeFileSync(join(whole.home, 'policy.toml'), 'forbidden = [\n');
    expect((await whole.ask('/api/settings/tools')).status).toBe(409);
    writeFileSync(join(whole.home, 'policy.toml'), '');
  });
});

describe('secrets', () => {
  test('one is kept, listed by its name alone, and removed', async () => {
    expect((await put('/api/secrets/WEATHER_KEY', { value: 'not-to-be-seen' })).status).toBe(200);
    const listed = await whole.ask('/api/secrets');
    expect(listed.body).not.toContain('not-to-be-seen');
    expect(listed.json).toMatchObject({
      secrets: expect.arrayContaining([
        expect.objectContaining({ name: 'weather_key', source: 'vault', uses: 0 }),
      ]),
    });
    expect((await remove('/api/secrets/weather_key')).status).toBe(200);
    expect((await remove('/api/secrets/WEATHER_KEY')).status).toBe(404);
  });

  test.each([
    ['bad%20name', { value: 'x' }, 'path.name'],
    ['GOOD_NAME', { value: '' }, 'value'],
    ['GOOD_NAME', { value: 'x', expires_at: 'soon' }, 'expires_at'],
  ])('%s with %j is refused', async (name, body, field) => {
    const { status, json } = await put(`/api/secrets/${name}`, body);
    expect([status, json]).toMatchObject([400, { error: { field } }]);
  });

  test('a key makes its provider available at once', async () => {
    const find = async () => {
      const { json } = await whole.ask('/api/llm/providers');
      return Object(json).providers.find(({ name }: { name: string }) => name === 'groq');
    };
    expect(await find()).toMatchObject({
      available: false,
      key_secret: 'GROQ_API_KEY',
      reason: expect.any(String),
    });
    await put('/api/secrets/GROQ_API_KEY', { value: 'gsk-0123456789abcdef' });
    await expect
      .poll(find)
      .toMatchObject({ available: true, configured: true, key_is_set: true, reason: null });
    await remove('/api/secrets/GROQ_API_KEY');
  });
});

describe('language models', () => {
  test('the model in use is tested, and what is offered is listed', async () => {
    expect((await post('/api/llm/test_connection')).json).toMatchObject({ ok: true, reference: 'offline' });
    expect((await post('/api/llm/list_models')).json).toEqual({
      models: [{ reference: 'offline', title: null, context_tokens: null }],
    });
  });

  test('one that cannot be reached says why, and one that does not exist is refused', async () => {
    const { json } = await post('/api/llm/test_connection', { reference: 'vllm/some-model' });
    expect(json).toMatchObject({
      ok: false,
      ms: null,
      failure_kind: expect.any(String),
      message: expect.any(String),
    });
    const unknown = await post('/api/llm/use', { reference: 'nobody/nothing' });
    expect([unknown.status, unknown.json]).toMatchObject([
      400,
      { error: { message: expect.stringContaining('nobody/nothing') } },
    ]);
  });

  test('a model is chosen and left again, and so is how much it thinks', async () => {
    const used = await post('/api/llm/use', { reference: 'ollama/qwen3' });
    expect(used.json).toMatchObject({ chosen: true, main: [{ reference: 'ollama/qwen3' }] });
    expect((await whole.ask('/api/llm/providers')).json).toMatchObject({
      providers: expect.arrayContaining([
        expect.objectContaining({ name: 'ollama', current: true, local: true }),
      ]),
    });
    expect((await post('/api/llm/thinking', { level: 'high' })).json).toMatchObject({ thinking: 'high' });
    expect((await post('/api/llm/thinking', { level: 'deep' })).status).toBe(400);
    await post('/api/llm/thinking', { level: 'default' });
    expect((await post('/api/llm/use', { reference: 'default' })).json).toMatchObject({ chosen: false });
  });
});

describe('what goes on', () => {
  test('status, usage, questions and audit have their shapes', async () => {
    expect((await whole.ask('/api/gateway/status')).json).toMatchObject({
      ready: true,
      version: 'test',
      model: 'offline',
      cost_today_usd: 0,
      calls_today: 0,
      pending_approvals: 0,
      restart_enabled: false,
    });
    const usage = await whole.ask('/api/usage?days=7');
    expect(Object(usage.json).by_day).toHaveLength(7);
    expect((await whole.ask('/api/usage?days=many')).status).toBe(400);
    expect((await whole.ask('/api/approvals')).json).toEqual({ approvals: [] });
    expect((await whole.ask('/api/audit/verify')).json).toMatchObject({ ok: true, fault: null });
  });

  test.each(['skills', 'pairing/telegram'])('there are no %s, and that is said', async (name) => {
    const { status, json } = await whole.ask(`/api/${name}`);
    expect([status, json]).toMatchObject([200, { available: false, reason: expect.stringContaining('yet') }]);
  });

  test.each(['/api/jobs/1', '/api/routines/1', '/api/skills/one'])('there is no %s', async (path) => {
    expect((await whole.ask(path)).status).toBe(404);
  });

  test('summaries count nothing', async () => {
    expect((await whole.ask('/api/jobs/summary')).json).toMatchObject({ total: 0, stuck: 0 });
    expect((await whole.ask('/api/routines/summary')).json).toMatchObject({ total: 0, failing: 0 });
  });

  test('no tool from outside is installed, and what is no tool is refused with its reason', async () => {
    expect((await whole.ask('/api/extensions')).json).toMatchObject({ extensions: [], available: true });
    expect((await whole.ask('/api/extensions/readiness')).json).toEqual({ extensions: [] });
    expect((await whole.ask('/api/extensions/registry')).json).toMatchObject({ available: false });
    expect((await whole.ask('/api/extensions/weather')).status).toBe(404);
    expect((await post('/api/extensions/weather/remove')).status).toBe(404);
    const { status, json } = await post('/api/extensions/install', { path: join(whole.home, 'none.wasm') });
    expect([status, json]).toMatchObject([422, { error: { code: 'refused', message: expect.any(String) } }]);
    expect((await whole.ask('/api/tools')).json).toMatchObject({
      tools: expect.arrayContaining([expect.objectContaining({ name: 'write_file', source: 'builtin' })]),
    });
  });
});

describe('a tool from outside', () => {
  const manifest = {
    description: 'Tells the time.',
    version: '1.2.3',
    http: {
      allowlist: [{ host: 'api.example.com', path_prefix: '/v1', methods: ['GET'] }],
      credentials: {
        key: { secret_name: 'clock_key', location: { type: 'bearer' }, host_patterns: ['api.example.com'] },
      },
    },
  };

  test('is looked at, installed with consent to just that, listed with what it may, and removed', async () => {
    const path = join(whole.home, 'clock.wasm');
    writeFileSync(path, await buildWatGuest('echo'));
    writeFileSync(join(whole.home, 'clock.capabilities.json'), JSON.stringify(manifest));
    const offer = await post('/api/extensions/install', { path });
    expect(offer.json).toMatchObject({ installed: false, name: 'clock', version: '1.2.3' });
    expect((await whole.ask('/api/extensions')).json).toMatchObject({ extensions: [] });
    const { print, asks } = Object(offer.json);
    expect(asks).toContain('Send GET requests to api.example.com under /v1');
    expect((await post('/api/extensions/install', { path, print: 'f'.repeat(32) })).status).toBe(422);
    expect((await post('/api/extensions/install', { path, print })).json).toMatchObject({ installed: true });

    const one = await whole.ask('/api/extensions/clock');
    expect(one.json).toMatchObject({
      active: true,
      needs_setup: true,
      asks: [{ approved: true }, { approved: true }],
      secrets: [{ name: 'clock_key', is_set: false, optional: false }],
    });
    expect(ExtensionReply.safeParse(one.json).error).toBeUndefined();
    expect((await whole.ask('/api/extensions/readiness')).json).toMatchObject({
      extensions: [{ name: 'clock', phase: 'needs_setup' }],
    });
    expect((await whole.ask('/api/extensions/tools')).json).toMatchObject({
      tools: [{ name: 'clock', source: 'extension' }],
    });
    const wrong = await post('/api/extensions/clock/activate', { approve: ['everything'] });
    expect(wrong.status).toBe(422);
    expect((await post('/api/extensions/clock/activate')).json).toMatchObject({ success: true });
    expect((await post('/api/extensions/clock/remove')).json).toMatchObject({ success: true });
    expect((await whole.ask('/api/extensions')).json).toMatchObject({ extensions: [] });
    expect((await whole.ask('/api/extensions/tools')).json).toEqual({ tools: [] });
  });
});

describe('tokens of programs', () => {
  const withToken = (token: string, path: string, method = 'GET') =>
    ask(whole, path, { method, headers: { authorization: `Bearer ${token}` } });

  test('one opens what the own token opens, but neither makes tokens nor logs anybody in', async () => {
    const made = await post('/api/tokens', { name: 'backup', expires_in_days: 30 });
    expect([made.status, made.json]).toMatchObject([
      201,
      { name: 'backup', token: expect.stringMatching(/^ibk_/) },
    ]);
    const { token, prefix } = Object(made.json);
    expect(token.startsWith(prefix)).toBe(true);
    expect((await withToken(token, '/api/memory/tree')).status).toBe(200);
    expect((await withToken(token, '/api/tokens')).status).toBe(403);
    expect((await withToken(token, '/api/tokens', 'POST')).status).toBe(400);
    expect((await withToken(token, '/api/login-link', 'POST')).status).toBe(403);
    const listed = await whole.ask('/api/tokens');
    expect(listed.body).not.toContain(token);
    expect(listed.json).toMatchObject({
      tokens: [{ name: 'backup', prefix, last_used_at: expect.any(String) }],
    });
  });

  test('only its hash is kept, it outlives a restart, and it ends at once when it is taken back', async () => {
    const { json } = await post('/api/tokens', { name: 'phone' });
    const { token, id } = Object(json);
    await whole.restart();
    expect((await withToken(token, '/api/session')).status).toBe(204);
    const stream = await openStream('/api/logs/events', token);
    const ended = new Promise<void>((resolve) => stream.once('close', resolve));
    expect((await remove(`/api/tokens/${id}`)).status).toBe(204);
    stream.resume();
    await ended;
    expect((await withToken(token, '/api/session')).status).toBe(401);
    expect((await remove(`/api/tokens/${id}`)).status).toBe(404);
    await whole.restart();
    expect((await withToken(token, '/api/session')).status).toBe(401);
  });

  test.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x', expires_in_days: 0 }, 'expires_in_days'],
  ])('%j makes none', async (body, field) => {
    const { status, json } = await post('/api/tokens', body);
    expect([status, json]).toMatchObject([400, { error: { field } }]);
  });
});

describe('the log', () => {
  test('is read from where one was, in its level and target, and its level is changed', async () => {
    const { json } = await whole.ask('/api/logs');
    const { lines } = Object(json);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'info', target: 'gateway', message: 'the gateway listens' }),
    );
    expect((await whole.ask('/api/logs?level=fatal')).json).toEqual({ lines: [] });
    expect((await whole.ask('/api/logs?target=nothing')).json).toEqual({ lines: [] });
    expect((await whole.ask('/api/logs?level=loud')).status).toBe(400);
    expect((await put('/api/logs/level', { level: 'debug' })).json).toEqual({ level: 'debug' });
    expect((await whole.ask('/api/logs/level')).json).toEqual({ level: 'debug' });
    await put('/api/logs/level', { level: 'info' });
  });

  test('is streamed: what is there, then each new line', async () => {
    const stream = await openStream('/api/logs/events', whole.token);
    const first = await readUntil(stream, /the gateway listens.*\n\n/);
    const id = /id: (\S+)/.exec(first)?.[1] ?? '';
    stream.destroy();
    const again = await openStream(`/api/logs/events?last_event_id=${id}`, whole.token);
    whole.assistant.crash('root/conversations/router');
    const later = await readUntil(again, /"target":"runtime".*\n\n/);
    expect(first).toContain('event: log');
    expect(later).not.toContain(`id: ${id}\n`);
    again.destroy();
  });
});

function openStream(path: string, token: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    get({ host: '127.0.0.1', port: whole.port, path, headers, agent: false }, (response) => {
      resolve(response.setEncoding('utf8').on('error', () => {}));
    }).on('error', reject);
  });
}

function readUntil(stream: IncomingMessage, wanted: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk: string) => {
      text += chunk;
      if (wanted.test(text)) resolve(text);
    });
  });
}
