import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IronbarkError } from '../core/errors.ts';
import { type ConfigRequest, explainConfig, homeFolder, loadConfig } from './index.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ironbark-config-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function load(request: Partial<ConfigRequest> = {}) {
  return loadConfig({ home, env: {}, ...request });
}

function write(file: string, text: string) {
  mkdirSync(join(home, 'profiles'), { recursive: true });
  writeFileSync(join(home, file), text);
}

function mistake(request: Partial<ConfigRequest> = {}): IronbarkError {
  try {
    load(request);
  } catch (thrown) {
    if (thrown instanceof IronbarkError) return thrown;
    throw thrown;
  }
  throw new Error('the configuration was accepted');
}

describe('without any file or variable', () => {
  test('everything has a usable value', () => {
    const config = load();
    expect(config.gateway).toEqual({
      host: '127.0.0.1',
      port: 4747,
      allow_remote: false,
      allow_faults: false,
      max_clients: 100,
      chat_per_minute: 30,
      changes_per_minute: 600,
    });
    expect(config.agent).toMatchObject({
      max_iterations: 50,
      max_turn_tokens: 2_000_000,
      max_turn_minutes: 60,
      tool_timeout_seconds: 900,
      session_idle_minutes: 10,
    });
    expect(config.user.timezone).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(config.database).toEqual({});
    expect(config.llm).toEqual({ max_concurrent: 16, cache_minutes: 0 });
  });

  test('files live in the home folder', () => {
    expect(load().files.root).toBe(join(home, 'files'));
  });
});

describe('layers', () => {
  test('each layer overrides the ones beneath it, key by key', () => {
    write('profiles/mine.toml', '[gateway]\nhost = "10.0.0.1"\nport = 1\n[agent]\nmax_iterations = 1');
    write('config.toml', '[gateway]\nport = 2\n[agent]\nmax_iterations = 2\ntool_timeout_seconds = 2');
    const config = load({
      profile: 'mine',
      env: { IRONBARK_AGENT_MAX_ITERATIONS: '3', IRONBARK_AGENT_TOOL_TIMEOUT_SECONDS: '3' },
      overrides: [{ setting: 'agent.max_iterations', value: 4, flag: '--max-iterations' }],
    });
    expect(config.gateway.host).toBe('10.0.0.1');
    expect(config.gateway.port).toBe(2);
    expect(config.agent.tool_timeout_seconds).toBe(3);
    expect(config.agent.max_iterations).toBe(4);
  });

  test('a profile in the home folder stands in for the shipped one of the same name', () => {
    write('profiles/server.toml', '[user]\ntimezone = "Asia/Tokyo"');
    expect(load({ env: { IRONBARK_PROFILE: 'server' } }).user.timezone).toBe('Asia/Tokyo');
  });

  test('every shipped profile is accepted', () => {
    expect(load({ profile: 'local' }).gateway.port).toBe(4747);
    expect(load({ profile: 'server' }).user.timezone).toBe('UTC');
  });

  test('customary variables are understood', () => {
    const env = { DATABASE_URL: 'postgres://db/x', IRONBARK_PORT: '0', IRONBARK_GATEWAY_ALLOW_REMOTE: 'yes' };
    const config = load({ env });
    expect(config.database.url).toBe('postgres://db/x');
    expect(config.gateway).toMatchObject({ port: 0, allow_remote: true });
  });

  test('an empty variable is as good as none', () => {
    expect(load({ env: { IRONBARK_PORT: '', DATABASE_URL: '' } })).toEqual(load());
  });

  test('settings of the model pass through, and its variables are left to it', () => {
    write('config.toml', '[llm]\nprovider = "openai"\napi_key = "k"');
    expect(load({ env: { IRONBARK_LLM_MODEL: 'm' } }).llm).toMatchObject({
      provider: 'openai',
      api_key: 'k',
    });
  });

  test('a relative or tilde folder for files is made absolute', () => {
    expect(load({ env: { IRONBARK_FILES_ROOT: 'notes' } }).files.root).toBe(join(home, 'notes'));
    expect(load({ env: { IRONBARK_FILES_ROOT: '~/notes' } }).files.root).toBe(join(homedir(), 'notes'));
  });
});

describe('mistakes', () => {
  test('an unknown setting is named with its file, its line and what was probably meant', () => {
    write('config.toml', '# mine\n[gateway]\nhost = "127.0.0.1"\nprot = 4000\n');
    const error = mistake();
    expect(error.kind).toBe('config');
    expect(error.message).toBe(`${join(home, 'config.toml')}, line 4: unknown setting "gateway.prot".`);
    expect(error.hint).toBe('Did you mean "gateway.port"?');
  });

  test('an unknown section is named too', () => {
    write('config.toml', '[gatway]\nport = 1\n');
    expect(mistake().message).toContain('line 1: unknown setting "gatway"');
    expect(mistake().hint).toBe('Did you mean "gateway"?');
  });

  test('a setting outside its section is led to it', () => {
    write('config.toml', 'port = 1\n');
    expect(mistake().hint).toBe('Did you mean "gateway.port"?');
  });

  test('a value of the wrong kind says what it must be', () => {
    write('config.toml', '[gateway]\nport = "4747"\n');
    expect(mistake().message).toMatch(/line 2: gateway\.port must be a whole number from 0 to 65535\.$/);
  });

  test('a value out of range says what it must be, also from the environment', () => {
    const error = mistake({ env: { IRONBARK_PORT: '70000' } });
    expect(error.message).toBe(
      'the environment variable IRONBARK_PORT: gateway.port must be a whole number from 0 to 65535.',
    );
  });

  test('a wrong flag is named as the user wrote it', () => {
    const overrides = [{ setting: 'log.level', value: 'loud', flag: '--log-level' }];
    expect(mistake({ overrides }).message).toMatch(/^--log-level: log\.level must be one of: trace/);
  });

  test('a section that is no section says how to write one', () => {
    write('config.toml', 'gateway = 4747\n');
    expect(mistake().message).toMatch(/line 1: gateway must be a section, written as \[gateway\]\.$/);
  });

  test('broken TOML names file, line and column, and never quotes the file', () => {
    write('config.toml', '[llm]\napi_key = "sk-very-secret\n');
    const error = mistake();
    expect(error.message).toMatch(/config\.toml, line 2, column \d+: [^\n]+\.$/);
    expect(error.message + error.hint).not.toContain('sk-very-secret');
  });

  test('a time zone that does not exist is refused', () => {
    expect(mistake({ env: { IRONBARK_TIMEZONE: 'Mars/Base' } }).message).toContain('must be a time zone');
  });

  test('an unknown profile names the ones there are', () => {
    write('profiles/mine.toml', '');
    expect(mistake({ profile: 'nope' }).hint).toContain('local, mine, server');
    expect(mistake({ profile: '../config' }).message).toBe('There is no profile named "../config".');
  });

  test('a folder in place of the file is told, not thrown', () => {
    mkdirSync(join(home, 'config.toml'));
    expect(mistake().message).toContain('cannot be read');
  });
});

describe('explaining', () => {
  test('says for each setting where its value comes from', () => {
    write('config.toml', '[gateway]\nport = 5000\n');
    const explained = explainConfig({ home, env: { IRONBARK_HOST: '::1' } });
    const sourceOf = (setting: string) => explained.find((line) => line.setting === setting)?.source;
    expect(sourceOf('gateway.port')).toBe(`${join(home, 'config.toml')}, line 2`);
    expect(sourceOf('gateway.host')).toBe('the environment variable IRONBARK_HOST');
    expect(sourceOf('files.root')).toBe('default');
  });

  test('shows no key and no password', () => {
    write('config.toml', '[llm]\napi_key = "sk-secret"\n');
    const explained = JSON.stringify(
      explainConfig({ home, env: { DATABASE_URL: 'postgres://me:hunter2@db/x?password=hunter2' } }),
    );
    expect(explained).not.toMatch(/sk-secret|hunter2/);
    expect(explained).toContain('postgres://me@db/x');
  });
});

describe('the home folder', () => {
  test('is as asked for, else from the environment, else in the own folder', () => {
    expect(homeFolder({ IRONBARK_HOME: '/a' }, '/b')).toBe('/b');
    expect(homeFolder({ IRONBARK_HOME: '/a' })).toBe('/a');
    expect(homeFolder({ IRONBARK_HOME: '~/x' })).toBe(join(homedir(), 'x'));
    expect(homeFolder({})).toBe(join(homedir(), '.ironbark'));
  });
});
