import { beforeAll, expect, test } from 'vitest';
import { buildWatGuest } from '../../../sandbox/testing/guests/index.ts';
import type { CommandLine } from '../testing/command-line.ts';
import { useToolHome } from './testing/tool-home.ts';

const home = useToolHome();
let guest: Uint8Array;

beforeAll(async () => {
  guest = await buildWatGuest('tool');
});

const MANIFEST = {
  http: {
    allowlist: [{ host: 'api.example.com' }],
    credentials: {
      key: { secret_name: 'key', location: { type: 'bearer' }, host_patterns: ['api.example.com'] },
    },
  },
};

async function run(expected: number, env: Record<string, string>, ...argv: string[]): Promise<CommandLine> {
  const cli = home.cli(env);
  const code = await cli.run('tool', 'test', ...argv);
  expect([code, cli.out, cli.err]).toEqual([expected, cli.out, cli.err]);
  return cli;
}

test('a good tool passes every check', async () => {
  const { out } = await run(0, {}, await home.tool('clock', guest));
  const names = [...out.matchAll(/^ok {6}(\w+): /gm)].map(([, name]) => name);
  expect(names).toEqual(['component', 'description', 'schema', 'manifest', 'call']);
});

test('a tool that traps or never ends fails, and says how', async () => {
  const file = await home.tool('clock', guest);
  const trap = await run(10, {}, file, '--params', '{"do":"trap"}');
  expect(trap.out).toMatch(/^failed {2}call: trap-unreachable: clock crashed/m);
  const loop = await run(10, {}, file, '--params', '{"do":"loop"}', '--json');
  const { checks } = JSON.parse(loop.out);
  expect(checks).toContainEqual({ what: 'call', ok: false, detail: expect.stringContaining('trap-fuel') });
});

test('a tool is granted nothing meanwhile, and complaining of that is no failing', async () => {
  const file = await home.tool('clock', guest, MANIFEST);
  const { out } = await run(0, {}, file, '--params', '{"do":"http https://api.example.com/"}');
  expect(out).toMatch(/^ok {6}call: guest-/m);
});

test('a tool that needs arguments is not called without, and not passed with wrong ones', async () => {
  expect((await run(0, {}, 'extensions/weather')).out).toContain('not tried, it needs arguments');
  const { out } = await run(10, {}, 'extensions/weather', '--params', '{"town":"Oslo"}');
  expect(out).toMatch(/^failed {2}call: params: .*"place"/m);
});

test('a secret that is not set yet is told', async () => {
  const file = await home.tool('clock', guest, MANIFEST);
  expect((await run(0, {}, file)).out).toContain('secret key: is not set yet');
  const env = { IRONBARK_SECRET_KEY: 'correct-horse-battery-staple' };
  expect((await run(0, env, file)).out).toContain('secret key: is set');
});

test('arguments that are no object are a mistake on the command line', async () => {
  expect((await run(2, {}, 'extensions/weather', '--params', '5')).err).toContain('must be a JSON object');
});
