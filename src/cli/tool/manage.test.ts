import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildRustGuest, buildWatGuest, findRustCompiler } from '../../../sandbox/testing/guests/index.ts';
import type { CommandLine } from '../testing/command-line.ts';
import { useToolHome } from './testing/tool-home.ts';

const hasRust = (await findRustCompiler()) !== undefined;
const home = useToolHome();
let echo: Uint8Array;

beforeAll(async () => {
  echo = await buildWatGuest('echo');
});

const MANIFEST = {
  description: 'Tells the time.',
  version: '1.2.3',
  http: {
    allowlist: [{ host: 'api.example.com', path_prefix: '/v1', methods: ['GET'] }],
    credentials: {
      key: { secret_name: 'key', location: { type: 'bearer' }, host_patterns: ['api.example.com'] },
    },
  },
};

const SEND = 'Send GET requests to api.example.com under /v1';
const SECRET = 'Use your secret key as the Authorization header, only to api.example.com';

/** Runs a command line, and fails where it does not end as expected. */
async function run(expected: number, ...argv: string[]): Promise<CommandLine> {
  const cli = home.cli();
  const code = await cli.run('tool', ...argv);
  expect([code, cli.out, cli.err]).toEqual([expected, cli.out, cli.err]);
  return cli;
}

/** Answers the questions of a command, all at once as somebody types ahead, or one after the other. */
async function answered(argv: readonly string[], ...keys: string[]): Promise<CommandLine & { code: number }> {
  const cli = home.cli();
  cli.attended = true;
  for (const key of keys) cli.stdin.write(key);
  const code = await cli.run('tool', ...argv);
  return Object.assign(cli, { code });
}

const ENTER = '\r';
const CTRL_C = '\x03';
const CTRL_D = '\x04';

async function approvals(name: string): Promise<readonly boolean[]> {
  const cli = await run(0, 'info', name, '--json');
  const value: { capabilities: { approved: boolean }[] } = JSON.parse(cli.out);
  return value.capabilities.map(({ approved }) => approved);
}

describe('info', () => {
  test('tells what a tool is, takes and asks for, and installs nothing', async () => {
    const { out } = await run(0, 'info', await home.tool('clock', echo, MANIFEST));
    expect(out).toContain('clock 1.2.3: Tells the time.');
    expect(out).toContain('"type": "object"');
    expect(out).toContain(`  - ${SEND}`);
    expect(out).toContain(`  - ${SECRET}`);
    await expect(readdir(home.toolsDir)).rejects.toThrow('ENOENT');
  });

  test('as JSON has the same for programs', async () => {
    const { out } = await run(0, 'info', await home.tool('clock', echo, MANIFEST), '--json');
    expect(JSON.parse(out)).toMatchObject({
      name: 'clock',
      component: createHash('sha256').update(echo).digest('hex'),
      schema: { type: 'object' },
      capabilities: [
        { words: SEND, approved: false },
        { words: SECRET, approved: false },
      ],
    });
  });

  test('a tool in JavaScript is the same component the second time', async () => {
    const first = await run(0, 'info', 'extensions/weather', '--json');
    const second = await run(0, 'info', 'extensions/weather', '--json');
    expect(JSON.parse(first.out).component).toBe(JSON.parse(second.out).component);
  });

  test('finds what is shipped from wherever one stands', async () => {
    const launcher = join(process.cwd(), 'bin', 'ironbark.js');
    const argv = [launcher, '--home', dirname(home.toolsDir), 'tool', 'info', 'extensions/weather', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: home.folder });
    expect(JSON.parse(stdout).name).toBe('weather');
  });

  test('of a word means the installed tool, even where a folder of that name lies here', async () => {
    await run(0, 'install', await home.tool('src', echo, MANIFEST), '--approve', 'all');
    const { out } = await run(0, 'info', 'src');
    expect(out).toContain(`[approved] ${SEND}`);
    expect((await run(2, 'info', './src')).err).toContain('holds no tool.js');
  });

  test.skipIf(!hasRust)('knows channels too, which cannot be installed', async () => {
    const file = await home.tool('talk', await buildRustGuest('channel@0.3.1'));
    expect((await run(0, 'info', file)).out).toContain('channel@0.3.1');
    expect((await run(10, 'install', file)).err).toContain('(not-a-tool)');
  });
});

describe('what cannot be read', () => {
  test.each([
    ['nowhere', 2, 'There is no tool at "nowhere"'],
    ['./nowhere.wasm', 2, 'There is no tool at "./nowhere.wasm"'],
    ['', 2, 'There is no tool at ""'],
    ['docs', 2, 'The folder "docs" holds no tool.js'],
    ['package.json', 10, 'package.json: The file is not WebAssembly'],
  ])('"%s" ends with %i and says: %s', async (what, code, words) => {
    expect((await run(code, 'info', what)).err).toContain(words);
  });

  test('a source with a mistake is told the line', async () => {
    const file = await home.file('bad.js', 'export const description = 1;\nlet a = ;\n');
    expect((await run(10, 'info', file)).err).toMatch(/bad\.js cannot be built: Line 2, column 9: /);
  });

  test('capabilities that are no JSON, name no file, or are wrong', async () => {
    const file = await home.tool('clock', echo);
    const broken = await home.file('a.json', '{"http"');
    const wrong = await home.file('b.json', '{"http": 5, "version": []}');
    expect((await run(10, 'info', file, '--capabilities', broken)).err).toContain('not valid JSON at line 1');
    expect((await run(10, 'info', file, '--capabilities', wrong)).err).toContain('$.http');
    expect((await run(2, 'info', file, '--capabilities', '')).err).toContain('there is no such file');
    expect((await run(2, 'info', file, '--capabilities', home.folder)).err).toContain('it is a folder');
  });

  test('a file that is too large is not even read', async () => {
    const file = await home.file('big.wasm', Buffer.alloc(50 * 1024 * 1024 + 1));
    expect((await run(10, 'install', file)).err).toContain('50.0 MiB are allowed. (too-large)');
  });

  test('is an error in JSON where JSON was asked for', async () => {
    const { out, err } = await run(2, 'info', 'nowhere', '--json');
    expect(JSON.parse(out).error.kind).toBe('usage');
    expect(err).toBe('');
  });

  test('too many arguments are a mistake, not something to overlook', async () => {
    expect((await run(2, 'remove', 'a', 'b')).err).toContain('too many arguments');
  });
});

describe('install', () => {
  test('with --approve all grants everything that is asked for', async () => {
    const { out } = await run(0, 'install', await home.tool('clock', echo, MANIFEST), '--approve', 'all');
    expect(out).toContain('Approved 2 of 2.\nInstalled clock.');
    expect(await approvals('clock')).toEqual([true, true]);
    expect((await readdir(home.toolsDir)).sort()).toEqual(['clock.capabilities.json', 'clock.wasm']);
  });

  test.each([[['--approve', 'none']], [[]], [['--json']]])(
    'with %j and nobody to ask grants nothing',
    async (flags) => {
      await run(0, 'install', await home.tool('clock', echo, MANIFEST), ...flags);
      expect(await approvals('clock')).toEqual([false, false]);
    },
  );

  test('asks for each thing, and takes only a clear answer', async () => {
    const file = await home.tool('clock', echo, MANIFEST);
    const { out, code } = await answered(['install', file], `perhaps${ENTER}n${ENTER}y${ENTER}`);
    expect(code).toBe(0);
    expect(out.split(`${SEND}? [y]es`).length - 1).toBeGreaterThan(1);
    expect(out).toContain('Approved 1 of 2. For the rest: ironbark tool approve clock');
    expect(await approvals('clock')).toEqual([false, true]);
  });

  test.each([
    [`a${ENTER}`, [true, true]],
    [`${ENTER}a${ENTER}`, [false, true]],
    [`${ENTER}${ENTER}`, [false, false]],
  ])('answered with %j approves %j', async (keys, expected) => {
    const file = await home.tool('clock', echo, MANIFEST);
    expect((await answered(['install', file], keys)).code).toBe(0);
    expect(await approvals('clock')).toEqual(expected);
  });

  test.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
  ])('left with %s at a question installs nothing', async (_, key) => {
    const file = await home.tool('clock', echo, MANIFEST);
    const { code, err } = await answered(['install', file], `y${ENTER}`, key);
    expect(code).toBe(9);
    expect(err).toBe('error: Stopped at a question. Nothing was changed.\n');
    expect((await run(0, 'list')).out).toContain('No tools are installed');
  });

  test('asks nobody where the answer is for a program', async () => {
    const file = await home.tool('clock', echo, MANIFEST);
    const { out, code } = await answered(['install', file, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).capabilities[0].approved).toBe(false);
  });

  test('grants a tool nothing that was approved of another of its name', async () => {
    const file = await home.tool('clock', echo, MANIFEST);
    await run(0, 'install', file, '--approve', 'all');
    await run(0, 'install', file, '--approve', 'none');
    expect(await approvals('clock')).toEqual([false, false]);
  });

  test('takes another name, and no name that is none', async () => {
    const file = await home.tool('clock', echo);
    await run(0, 'install', file, '--name', 'watch-2');
    expect((await run(0, 'list')).out).toMatch(/^watch-2 /);
    for (const name of ['Watch', '', '-a', '../x', 'a.b', 'a'.repeat(65)]) {
      expect((await run(2, 'install', file, `--name=${name}`)).err).toContain('cannot be named');
    }
  });

  test('bends the name of a file, and asks for one where nothing is left of it', async () => {
    await run(0, 'install', await home.tool('My Clock', echo));
    expect(await readdir(home.toolsDir)).toEqual(['my_clock.wasm']);
    expect((await run(2, 'install', await home.tool('時計', echo))).err).toContain('--name');
  });

  test('refuses another component than the hash says, and a hash that is none', async () => {
    const file = await home.tool('clock', echo);
    const hash = createHash('sha256').update(echo).digest('hex');
    expect((await run(10, 'install', file, '--sha256', 'f'.repeat(64))).err).toContain(
      'Nothing was installed',
    );
    expect((await run(2, 'install', file, '--sha256', 'abc')).err).toContain('64 hexadecimal digits');
    await run(0, 'install', file, '--sha256', `sha256:${hash.toUpperCase()}`);
  });

  test('takes all or none, not maybe', async () => {
    const { err } = await run(2, 'install', 'extensions/weather', '--approve', 'maybe');
    expect(err).toContain('--approve takes all or none, not "maybe"');
  });
});

describe('approve', () => {
  test('approves what is still open, and takes everything back with none', async () => {
    await run(0, 'install', await home.tool('clock', echo, MANIFEST));
    const { out } = await answered(['approve', 'clock'], `y${ENTER}n${ENTER}`);
    expect(out).toContain(`[approved] ${SEND}`);
    expect(out).toContain(`[not approved] ${SECRET}`);
    const again = await answered(['approve', 'clock'], `y${ENTER}`);
    expect(again.out).not.toContain(`${SEND}?`);
    expect(await approvals('clock')).toEqual([true, true]);
    await run(0, 'approve', 'clock', '--approve', 'none');
    expect(await approvals('clock')).toEqual([false, false]);
    const { out: json } = await run(0, 'approve', 'clock', '--approve', 'all', '--json');
    expect(JSON.parse(json).capabilities[1].approved).toBe(true);
  });

  test('does not take silence for an answer', async () => {
    await run(0, 'install', await home.tool('clock', echo, MANIFEST));
    expect((await run(9, 'approve', 'clock')).err).toContain('--approve all or --approve none');
    expect(JSON.parse((await run(9, 'approve', 'clock', '--json')).out).error.kind).toBe('approval-needed');
  });

  test('is for installed tools: a file that lies about cannot speak for one', async () => {
    const file = await home.tool('clock', echo, MANIFEST);
    expect((await run(2, 'approve', file, '--approve', 'all')).err).toContain('There is no tool named');
    expect((await run(2, 'approve', 'weather', '--approve', 'all')).err).toContain('ironbark tool list');
  });
});

describe('list and remove', () => {
  test('an empty folder says what to do', async () => {
    expect((await run(0, 'list')).out).toContain('ironbark tool install FILE.wasm');
    expect(JSON.parse((await run(0, 'list', '--json')).out)).toEqual({ tools: [] });
  });

  test('a file that cannot be used stands beside the others, with the reason', async () => {
    await run(0, 'install', await home.tool('clock', echo, MANIFEST), '--approve', 'all');
    await writeFile(join(home.toolsDir, 'broken.wasm'), 'not wasm');
    await writeFile(join(home.toolsDir, 'Caps.wasm'), echo);
    const { out } = await run(0, 'list');
    expect(out).toMatch(/^clock {3}2 of 2 approved {2}Tells the time\.$/m);
    expect(out).toMatch(/^broken {2}not in use {7}The file is not WebAssembly.*\(not-wasm\)$/m);
    expect(out).toMatch(/^Caps {4}not in use .*\(name\)$/m);
    const { tools } = JSON.parse((await run(0, 'list', '--json')).out);
    expect(tools).toContainEqual(
      expect.objectContaining({ name: 'clock', asked: 2, approved: 2, trouble: null }),
    );
    expect(tools).toContainEqual(
      expect.objectContaining({ name: 'broken', trouble: expect.objectContaining({ rule: 'not-wasm' }) }),
    );
  });

  test('a removed tool takes what was approved with it', async () => {
    const file = await home.tool('clock', echo, MANIFEST);
    await run(0, 'install', file, '--approve', 'all');
    expect((await run(0, 'remove', 'clock')).out).toContain('Removed clock');
    expect((await run(0, 'list')).out).toContain('No tools are installed');
    await mkdir(home.toolsDir, { recursive: true });
    await writeFile(join(home.toolsDir, 'clock.wasm'), echo);
    await writeFile(join(home.toolsDir, 'clock.capabilities.json'), JSON.stringify(MANIFEST));
    expect(await approvals('clock')).toEqual([false, false]);
  });

  test('what is not there cannot be removed', async () => {
    for (const name of ['clock', '../clock', '']) {
      expect((await run(2, 'remove', name)).err).toContain('There is no tool named');
    }
  });
});

test('nothing that a tool says of itself moves the terminal', async () => {
  const source = `
    const NASTY = 'a\\x1b[31mb\\x1b]0;title\\x07c\\x9b31md\\u202ee';
    export const description = NASTY;
    export const parameters = { type: 'object', properties: { [NASTY]: { description: NASTY } } };
    export function run() { throw new Error(NASTY); }`;
  const file = await home.file('nasty.js', source);
  await run(0, 'install', file);
  const texts = [
    await run(0, 'info', file),
    await run(0, 'list'),
    await run(0, 'test', file),
    await run(10, 'info', await home.file('worse.js', `${source}\nthrow new Error(NASTY);`)),
  ];
  const questions = await answered(['install', file]);
  for (const { out, err } of [...texts, questions]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(out + err).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(out + err).toContain('abcd');
  }
  const { out } = await run(0, 'info', file, '--json');
  expect(JSON.parse(out).description).toContain('\x1b[31m');
});
