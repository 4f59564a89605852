import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildWatGuest } from '../../../sandbox/testing/guests/index.ts';
import type { JsonObject } from '../../core/json.ts';
import { createGrantStore } from '../../extensions/index.ts';
import { environmentSecrets } from '../../secrets/index.ts';
import { type Home, openHome } from '../../storage/index.ts';
import { temporaryFolder } from '../../storage/testing/temporary-folder.ts';
import { rareTools } from '../../tools/builtin/rare-tools.ts';
import { timeTool } from '../../tools/builtin/time.ts';
import { createFileScope, createToolRegistry, type ToolRegistry } from '../../tools/index.ts';
import { testContext } from '../../tools/testing.ts';
import { createLazyInstaller } from './lazy-installer.ts';

const clock = { now: () => Date.UTC(2030, 0, 1) };

const MANIFEST = {
  description: 'Tells the time.',
  version: '1.2.3',
  http: {
    allowlist: [{ host: 'api.example.com', path_prefix: '/v1', methods: ['GET'] }],
    credentials: {
      key: { secret_name: 'clock_key', location: { type: 'bearer' }, host_patterns: ['api.example.com'] },
    },
  },
  auth: { secret_name: 'clock_key', instructions: 'Make a key in your account.' },
};
const SEND = 'Send GET requests to api.example.com under /v1';

let echo: Uint8Array;
/** What was built once need not be built for the next test. */
let cacheDir: string;
beforeAll(async () => {
  echo = await buildWatGuest('echo');
  cacheDir = mkdtempSync(join(tmpdir(), 'ironbark-installer-'));
  return () => rmSync(cacheDir, { recursive: true, force: true });
});

let root: string;
let home: Home;
let tools: ToolRegistry;
/** The tools with the folder of the user's files, over a home in which nothing is installed. */
beforeEach(() => {
  const folder = temporaryFolder();
  root = join(folder, 'files');
  mkdirSync(root);
  home = { ...openHome(join(folder, 'home')), cacheDir };
  const installer = createLazyInstaller({
    home,
    env: {},
    vault: environmentSecrets({}),
    isTaken: (name) => tools.isBuiltin(name),
    log: pino({ level: 'silent' }),
  });
  const files = createFileScope({ root, temporary: [], forbidden: [home.path] });
  tools = createToolRegistry([
    timeTool(clock),
    ...rareTools({ registry: () => tools, installer }, { clock, files }),
  ]);
});

function give(name: string, manifest: object = MANIFEST): void {
  writeFileSync(join(root, `${name}.wasm`), echo);
  writeFileSync(join(root, `${name}.capabilities.json`), JSON.stringify(manifest));
}

const call = (name: string, args: JsonObject) => tools.invoke(name, args, testContext());
const tool = (name: string) => tools.get(name) ?? expect.unreachable();
const installed = (): readonly string[] =>
  readdirSync(home.path).includes('tools') ? readdirSync(home.toolsDir) : [];

async function printOf(path: string): Promise<string> {
  const { content } = await call('tool_install', { path });
  return /print ([0-9a-f]{32})$/.exec(content)?.[1] ?? expect.unreachable();
}

describe('tool_install', () => {
  test('looks first: tells what the tool is and asks for, and installs nothing', async () => {
    give('clock');
    const args = { path: 'clock.wasm' };
    const output = await call('tool_install', args);
    expect(output).toMatchObject({ ok: true, origins: ['the tool clock.wasm'] });
    expect(output.content).toContain('clock 1.2.3 (it says: "Tells the time.")');
    expect(output.content).toContain(`- ${SEND}`);
    expect(installed()).toEqual([]);
    expect(tool('tool_install').approvalOf?.(args)).toBe('never');
  });

  test('asks the user each time, with all that the tool will be allowed to do', async () => {
    give('clock');
    const args = { path: 'clock.wasm', print: await printOf('clock.wasm') };
    const { approvalOf, refusal, summary } = tool('tool_install');
    expect(approvalOf?.(args)).toBe('always');
    expect(await refusal?.(args)).toBeUndefined();
    expect(summary?.(args)).toMatch(
      /^Install the tool clock 1\.2\.3 .* from clock\.wasm\. It will be allowed to: Send GET/,
    );
  });

  test('then installs, with what was shown and no more', async () => {
    give('clock');
    const print = await printOf('clock.wasm');
    expect(await call('tool_install', { path: 'clock.wasm', print })).toMatchObject({ ok: true });
    expect(installed()).toEqual(['clock.capabilities.json', 'clock.wasm']);
    expect((await createGrantStore(home.toolGrantsDir, clock).read('clock')).size).toBe(2);
  });

  test('installs nothing else than what was shown', async () => {
    give('clock');
    const print = await printOf('clock.wasm');
    give('clock', { ...MANIFEST, http: { allowlist: [{ host: 'evil.example', path_prefix: '/' }] } });
    const args = { path: 'clock.wasm', print };
    expect(await tool('tool_install').refusal?.(args)).toContain('not what that print was told of');
    expect(await call('tool_install', args)).toMatchObject({ ok: false });
    expect(installed()).toEqual([]);
  });

  test('refuses what lies elsewhere, also behind a link, and what has the name of a built-in tool', async () => {
    give('time');
    give('clock');
    mkdirSync(join(root, 'linked'));
    symlinkSync('/etc/hostname', join(root, 'linked', 'tool.js'));
    for (const [path, why] of [
      ['../clock.wasm', 'outside'],
      ['linked', 'outside'],
      ['time.wasm', 'built-in tool named time'],
      ['gone.wasm', 'no file or folder'],
      ['clock.capabilities.json', ''],
    ] as const) {
      expect(await call('tool_install', { path })).toMatchObject({
        ok: false,
        content: expect.stringContaining(why),
      });
    }
  });
});

describe('an installed tool', () => {
  beforeEach(async () => {
    give('clock');
    await call('tool_install', { path: 'clock.wasm', print: await printOf('clock.wasm') });
  });

  test('is named as such where another would take its place', async () => {
    expect((await call('tool_install', { path: 'clock.wasm' })).content).toContain('take the place');
  });

  test('tells which secrets it needs, and how the user sets them', async () => {
    const { content } = await call('tool_auth', { name: 'clock' });
    expect(content).toContain('clock_key: missing. Its author says: Make a key in your account.');
    expect(content).toContain('ironbark secrets set clock_key');
    expect(content).toContain('Never ask for its value');
    expect(await call('tool_auth', { name: 'other' })).toMatchObject({ ok: false });
  });

  test('is removed with what was approved of it', async () => {
    expect(await call('tool_remove', { name: 'clock' })).toMatchObject({ ok: true });
    expect(installed()).toEqual([]);
    expect((await createGrantStore(home.toolGrantsDir, clock).read('clock')).size).toBe(0);
    expect(await call('tool_remove', { name: 'clock' })).toMatchObject({ ok: false });
  });
});

test('nobody is asked about removing what is built in, or what there is not', async () => {
  expect(await tool('tool_remove').refusal?.({ name: 'time' })).toContain('built in');
  expect(await tool('tool_remove').refusal?.({ name: 'tmie' })).toContain('Did you mean time');
});
