import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildRustGuest, buildWatGuest, findRustCompiler } from '../../../sandbox/testing/guests/index.ts';
import type { CommandLine } from '../testing/command-line.ts';
import { useToolHome } from './testing/tool-home.ts';

const hasRust = (await findRustCompiler()) !== undefined;
const LAUNCHER = fileURLToPath(new URL('../../../bin/ironbark.js', import.meta.url));
const home = useToolHome();
let guest: Uint8Array;

beforeAll(async () => {
  guest = await buildWatGuest('tool');
});

const LOCATION = { type: 'query_param', name: 'k' };
const MANIFEST = {
  http: {
    allowlist: [{ host: 'api.example.com', path_prefix: '/v1' }],
    credentials: {
      key: { secret_name: 'key', location: LOCATION, host_patterns: ['api.example.com'] },
    },
  },
};

const NOW = 'https://api.example.com/v1/now';
const exchange = (url: string, body: string) => ({
  request: { method: 'GET', url },
  response: { status: 200, body },
});

const recording = (...exchanges: readonly object[]): Promise<string> =>
  home.file('exchanges.json', JSON.stringify({ http_exchanges: exchanges }));

const doing = (what: string): readonly string[] => ['--params', JSON.stringify({ do: what })];

async function run(expected: number, ...argv: string[]): Promise<CommandLine> {
  const cli = home.cli();
  const code = await cli.run('tool', 'run', ...argv);
  expect([code, cli.out, cli.err]).toEqual([expected, cli.out, cli.err]);
  return cli;
}

describe('a call with a recording in place of the network', () => {
  test('prints each request with the secret masked, and what the tool returned', async () => {
    const file = await home.tool('clock', guest, MANIFEST);
    const http = await recording(exchange(NOW, 'noon'));
    const { out, err } = await run(0, file, ...doing(`http ${NOW}`), '--http', http);
    expect(out).toBe(`→ GET ${NOW}?k=‹key›\n← 200 (4 bytes)\nreturned:\nnoon\n`);
    expect(err).toMatch(/^fuel [\d,]+ · memory 0\.1 MiB\n$/);
  });

  test('as JSON has the requests and the audit log too, and no secret', async () => {
    const file = await home.tool('clock', guest, MANIFEST);
    const http = await recording(exchange(NOW, 'noon'));
    const { out, err } = await run(0, file, ...doing(`http ${NOW}`), '--http', http, '--json');
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'returned',
      content: 'noon',
      requests: [{ method: 'GET', url: `${NOW}?k=‹key›`, body: null }],
      audit: [{ kind: 'http.answered' }, { kind: 'tool.returned' }],
      warnings: [],
    });
    expect(out).not.toContain('standin');
    expect(err).toBe('');
  });

  test('is refused where a secret is missing', async () => {
    const file = await home.tool('clock', guest, MANIFEST);
    const flags = ['--http', await recording(exchange(NOW, 'noon')), '--without-secret', 'key'];
    const { out, err } = await run(10, file, ...doing(`http ${NOW}`), ...flags);
    expect(out).toContain('refused (secret-missing): The secret "key" is not set.');
    expect(err).toContain('warning: 1 recorded exchange was not asked for');
  });

  test('tells what the sandbox refused, though the tool keeps it to itself', async () => {
    const file = await home.tool('clock', guest, MANIFEST);
    const flags = ['--http', await recording()];
    const { out } = await run(10, file, ...doing('http https://evil.example.net/v1/now'), ...flags);
    expect(out).toContain('http.refused (host-not-allowed): The host evil.example.net');
    expect(out).toContain('failed (guest-');
  });

  test('fails a request that the recording has no answer for', async () => {
    const file = await home.tool('clock', guest, MANIFEST);
    const { out } = await run(10, file, ...doing(`http ${NOW}`), '--http', await recording());
    expect(out).toContain(`→ GET ${NOW}`);
    expect(out).toMatch(/http\.failed \(connection\): .*holds no HTTP exchanges/);
  });

  test('warns where the tool asks for something else than was recorded', async () => {
    const file = await home.tool('clock', guest, MANIFEST);
    const http = await recording(exchange(`${NOW}/later`, 'one'), exchange(NOW, 'noon'));
    const { err } = await run(0, file, ...doing(`http ${NOW}`), '--http', http);
    expect(err).toContain(`warning: asked for GET ${NOW} where the recording has GET ${NOW}/later`);
    expect(err).toContain('warning: 1 recorded exchange was not asked for');
  });

  test('of a tool in JavaScript works as well', async () => {
    const http = await recording(
      exchange('https://geocoding-api.open-meteo.com/v1/search', '{"results":[]}'),
    );
    const params = ['--params', '{"place":"Atlantis"}'];
    const { out } = await run(10, 'extensions/weather', ...params, '--http', http);
    expect(out).toContain('→ GET https://geocoding-api.open-meteo.com/v1/search?name=Atlantis&count=1');
    expect(out).toContain('failed (guest-input): No place called Atlantis is known.');
  });
});

describe('what a call may do', () => {
  async function installed(...flags: string[]): Promise<void> {
    const file = await home.tool('clock', guest, MANIFEST);
    expect(await home.cli().run('tool', 'install', file, ...flags)).toBe(0);
  }

  test('is, of an installed tool, what was approved', async () => {
    const http = ['--http', await recording(exchange(NOW, 'noon'))];
    await installed();
    const refused = await run(10, 'clock', ...doing(`http ${NOW}`), ...http);
    expect(refused.out).toContain('http.refused (nothing-granted)');
    expect(refused.err).toContain('note: not approved: Send requests of any kind');
    await installed('--approve', 'all');
    const allowed = await run(0, 'clock', ...doing(`http ${NOW}`), ...http);
    expect(allowed.err).not.toContain('not approved');
  });

  test('is what a capabilities file says that was named for it', async () => {
    await installed();
    const named = ['--capabilities', join(home.folder, 'clock.capabilities.json')];
    const http = ['--http', await recording(exchange(NOW, 'noon'))];
    expect((await run(0, 'clock', ...doing(`http ${NOW}`), ...http, ...named)).out).toContain('noon');
  });

  test('without a recording depends on the secrets that are set', async () => {
    const file = await home.tool('clock', guest, MANIFEST);
    expect((await run(10, file)).out).toContain('refused (secret-missing)');
    const cli = home.cli({ IRONBARK_SECRET_KEY: 'correct-horse-battery-staple' });
    expect(await cli.run('tool', 'run', file)).toBe(0);
  });
});

describe('a tool that says too much', () => {
  test('has its log cut, and JSON has it whole', async () => {
    const file = await home.tool('clock', guest);
    const { out } = await run(10, file, ...doing(`overflow ${'x'.repeat(2_000)}`));
    expect(out.match(/^log info: o/gm)).toHaveLength(50);
    expect(out).toContain('… 950 more log lines; --json has them all');
    expect(out.length).toBeLessThan(40_000);
    expect(out).toContain('failed (trap-fuel)');
    const json = await run(10, file, ...doing('overflow'), '--json');
    expect(JSON.parse(json.out)).toMatchObject({ outcome: 'failed', rule: 'trap-fuel' });
    expect(JSON.parse(json.out).logs).toHaveLength(1_000);
  });

  test('reaches a pipe whole', async () => {
    const file = await home.tool('clock', guest);
    const fill = doing(`overflow ${'x'.repeat(3_000)}`);
    const argv = [LAUNCHER, '--home', dirname(home.toolsDir), 'tool', 'run', file, ...fill, '--json'];
    const options = { maxBuffer: 10_000_000 };
    // The tool used up its fuel: the program ends with 10, which is thrown here.
    const ended = await promisify(execFile)(process.execPath, argv, options).catch(
      (thrown: unknown) => thrown,
    );
    const text = ended instanceof Error && 'stdout' in ended ? String(ended.stdout) : '';
    expect(JSON.parse(text).logs).toHaveLength(1_000);
  });

  test('does not move the terminal, in whatever it prints', async () => {
    const source = `
      const NASTY = 'a\\x1b[31mb\\x1b]0;title\\x07c\\x9b31md\\u202ee';
      export const description = 'd';
      export function run({ fail }, { log, http }) {
        log.info(NASTY);
        http('https://api.example.com/v1/', { method: 'POST', body: NASTY });
        if (fail) throw new Error(NASTY);
        return NASTY;
      }`;
    const file = await home.file('nasty.js', source);
    await home.file(
      'nasty.capabilities.json',
      JSON.stringify({ http: { allowlist: MANIFEST.http.allowlist } }),
    );
    const http = ['--http', await recording(exchange('https://api.example.com/v1/', 'x'))];
    const good = await run(0, file, ...http);
    const bad = await run(10, file, '--params', '{"fail":true}', ...http);
    for (const { out, err } of [good, bad]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(out + err).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      expect(out.match(/abcde/g)?.length).toBeGreaterThanOrEqual(3);
    }
    expect(JSON.parse((await run(0, file, ...http, '--json')).out).content).toContain('\x1b[31m');
  });
});

describe.skipIf(!hasRust)('what the host hands in', () => {
  test('the context arrives as it was written', async () => {
    const file = await home.tool('guest', await buildRustGuest());
    const { out } = await run(0, file, ...doing('context'), '--context', '{ "a" :  1e2 }');
    expect(out).toContain('{ "a" :  1e2 }');
  });

  test('notes come from the folder, as far as they were asked for', async () => {
    const workspace = join(home.folder, 'notes');
    await mkdir(join(workspace, 'open'), { recursive: true });
    await writeFile(join(workspace, 'open', 'a.md'), 'a note');
    await writeFile(join(workspace, 'closed.md'), 'a secret note');
    const manifest = { workspace: { allowed_prefixes: ['open/'] } };
    const file = await home.tool('guest', await buildRustGuest(), manifest);
    const flags = ['--workspace', workspace];
    expect((await run(0, file, ...doing('read open/a.md'), ...flags)).out).toContain('a note');
    expect((await run(10, file, ...doing('read open/b.md'), ...flags)).out).toContain('failed');
    expect((await run(10, file, ...doing('read closed.md'), ...flags)).out).toContain('failed');
    expect((await run(10, file, ...doing('read open/a.md'))).out).toContain('failed');
  });

  test('a channel is started, and each of its callbacks can be called', async () => {
    const file = await home.tool('talk', await buildRustGuest('channel@0.3.1'));
    expect((await run(0, file)).out).toContain('"httpEndpoints":[{"path":"/webhook/guest"');
    const posted = ['--call', 'on-http-request', '--params', '{"body":"hello"}'];
    const { out } = await run(0, file, ...posted);
    expect(out).toContain('emit-message {"userId":"somebody","content":"hello"');
    const { acts } = JSON.parse((await run(0, file, ...posted, '--json')).out);
    expect(acts).toEqual([{ what: 'emit-message', value: expect.objectContaining({ content: 'hello' }) }]);
    const said = await run(0, file, '--call', 'on-respond', '--params', '{"content":"hi"}');
    expect(said.out).toBe('workspace-write ["last","hi"]\nreturned nothing\n');
  });
});

describe('a mistake on the command line', () => {
  test.each([
    [['--params', 'x'], '--params is not JSON'],
    [['--params', '[1]'], '--params must be a JSON object'],
    [['--context', '{'], '--context is not JSON'],
    [['--call', 'on-stop'], 'There are: on-start, on-http-request'],
    [['--without-secret', 'key'], '--without-secret goes with --http'],
    [['--workspace', '/nowhere'], 'There is no folder "/nowhere"'],
    [['--http', '/nowhere.json'], '"/nowhere.json" cannot be read: there is no such file.'],
    [['--http', 'package.json'], 'These are no recorded exchanges'],
    [['--http', 'README.md'], 'This is not JSON'],
  ])('%j is told before anything is built', async (flags, words) => {
    expect((await run(2, 'nowhere.wasm', ...flags)).err).toContain(words);
    const { out, err } = await run(2, 'nowhere.wasm', ...flags, '--json');
    expect(JSON.parse(out).error.kind).toBe('usage');
    expect(err).toBe('');
  });

  test('a callback of what is no channel is refused', async () => {
    const file = await home.tool('clock', guest);
    expect((await run(10, file, '--call', 'on-poll')).out).toContain('refused (not-a-channel)');
  });
});
