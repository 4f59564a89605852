import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json } from '../core/json.ts';
import { temporaryFolder } from '../storage/testing/temporary-folder.ts';
import { type Config, createSettingsDesk, loadConfig } from './index.ts';

function openDesk({ text, env = {} }: { text?: string; env?: Record<string, string> } = {}) {
  const home = temporaryFolder();
  const file = join(home, 'config.toml');
  if (text !== undefined) writeFileSync(file, text);
  const request = { home, env };
  const applied: Config[] = [];
  const desk = createSettingsDesk({
    request,
    started: loadConfig(request),
    live: new Set(['user.timezone', 'budget.day_usd']),
    apply: async (config) => {
      applied.push(config);
      return [];
    },
  });
  const one = async (key: string) => {
    const { settings } = await desk.list();
    const found = settings.find((setting) => setting.key === key);
    if (!found) throw new Error(`there is no ${key}`);
    return found;
  };
  return {
    file,
    desk,
    one,
    applied,
    change: (changes: Record<string, Json>) => desk.change(new Map(Object.entries(changes))),
    written: () => readFileSync(file, 'utf8'),
  };
}

describe('what is listed', () => {
  test('every setting says what it means, what it takes and where its value is from', async () => {
    const { desk, one } = openDesk({ text: '[gateway]\nport = 5000\n', env: { IRONBARK_LOG_LEVEL: 'warn' } });
    const { settings } = await desk.list();
    expect(settings.filter(({ description }) => description === '')).toEqual([]);
    expect(await one('gateway.port')).toMatchObject({
      value: 5000,
      default: 4747,
      source: 'file',
      place: expect.stringMatching(/config\.toml, line 2$/),
      type: 'number',
      integer: true,
      minimum: 0,
      maximum: 65_535,
      needsRestart: true,
      restartPending: false,
    });
    expect(await one('log.level')).toMatchObject({
      value: 'warn',
      source: 'environment',
      type: 'choice',
      choices: expect.arrayContaining(['trace', 'silent']),
    });
    expect(await one('agent.while_busy')).toMatchObject({
      value: 'steer',
      source: 'default',
      updatedAt: null,
    });
  });

  test('keys and passwords are not in it', async () => {
    const { desk, one } = openDesk({
      text: '[llm]\napi_key = "sk-hidden"\nprovider = "openai"\n[database]\nurl = "postgres://me:hidden@db/x"\n',
    });
    expect(JSON.stringify(await desk.list())).not.toContain('hidden');
    expect(await one('llm.api_key')).toMatchObject({ value: null, secret: true, isSet: true });
    expect(await desk.exported()).toEqual({ 'llm.provider': 'openai' });
  });
});

describe('a change', () => {
  test('is written beside what was there, and applied at once where that can be', async () => {
    const { change, one, written, applied } = openDesk({ text: '# mine\n[user]\ntimezone = "UTC"\n' });
    expect(await change({ 'user.timezone': 'Asia/Tokyo', 'budget.day_usd': 3 })).toEqual({
      ok: true,
      value: { changed: ['user.timezone', 'budget.day_usd'], notes: [] },
    });
    expect(written()).toBe('# mine\n[user]\ntimezone = "Asia/Tokyo"\n\n[budget]\nday_usd = 3\n');
    expect(applied.at(-1)).toMatchObject({ user: { timezone: 'Asia/Tokyo' }, budget: { day_usd: 3 } });
    expect(await one('user.timezone')).toMatchObject({ value: 'Asia/Tokyo', restartPending: false });
  });

  test('of what needs a restart is pending until then, and no more when it is taken back', async () => {
    const { change, one } = openDesk();
    await change({ 'gateway.port': 6000 });
    expect(await one('gateway.port')).toMatchObject({ value: 6000, restartPending: true });
    await change({ 'gateway.port': null });
    expect(await one('gateway.port')).toMatchObject({
      value: 4747,
      restartPending: false,
      source: 'profile',
    });
  });

  test('that breaks a rule changes nothing at all', async () => {
    const { change, file } = openDesk({ text: '' });
    expect(await change({ 'budget.day_usd': 1, 'gateway.port': 70_000 })).toMatchObject({
      ok: false,
      error: {
        kind: 'invalid',
        setting: 'gateway.port',
        message: expect.stringContaining('from 0 to 65535'),
      },
    });
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('of an unknown setting is answered with the one that may be meant', async () => {
    const { change } = openDesk();
    expect(await change({ 'gateway.prot': 1 })).toMatchObject({
      ok: false,
      error: { kind: 'unknown', message: expect.stringContaining('"gateway.port"') },
    });
  });

  test.each(['gateway.host', 'gateway.allow_remote', 'files.root', 'database.url', 'llm.api_key'])(
    'of %s is left to whoever sits at the machine',
    async (setting) => {
      const { change } = openDesk();
      expect(await change({ [setting]: 'x' })).toMatchObject({ ok: false, error: { kind: 'fixed' } });
    },
  );

  test('of everything that was exported is no change of what is fixed', async () => {
    const text = '[files]\nroot = "/srv/files"\n\n[gateway]\nport = 5000\n';
    const { desk, change, written } = openDesk({ text });
    const exported = await desk.exported();
    expect(exported).toEqual({ 'files.root': '/srv/files', 'gateway.port': 5000 });
    expect(await change(exported)).toMatchObject({ ok: true });
    expect(written()).toBe(text);
    expect(await change({ ...exported, 'files.root': '/' })).toMatchObject({ error: { kind: 'fixed' } });
  });

  test('that the environment overrides says so', async () => {
    const { change } = openDesk({ env: { IRONBARK_PORT: '7000' } });
    expect(await change({ 'gateway.port': 6000 })).toMatchObject({
      ok: true,
      value: { notes: [expect.stringContaining('IRONBARK_PORT')] },
    });
  });

  test('of a file that was made unreadable is refused with the line', async () => {
    const { change, file } = openDesk();
    writeFileSync(file, '[gateway\n');
    await expect(change({ 'gateway.port': 6000 })).rejects.toThrow(/line 1/);
    expect(readFileSync(file, 'utf8')).toBe('[gateway\n');
  });

  test('at the same time as another loses neither', async () => {
    const { change, written } = openDesk();
    await Promise.all([change({ 'gateway.port': 6000 }), change({ 'budget.day_usd': 1 })]);
    expect(written()).toContain('port = 6000');
    expect(written()).toContain('day_usd = 1');
  });
});
