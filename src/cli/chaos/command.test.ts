import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT_CODES } from '../../core/errors.ts';
import { GatewayError } from '../../gateway/index.ts';
import { CommandLine } from '../testing/command-line.ts';

let home: string;
let cli: CommandLine;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ironbark-cli-'));
  cli = new CommandLine(home);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

test('without a running assistant it says how to start one', async () => {
  expect(await cli.run('chaos')).toBe(EXIT_CODES.unreachable);
  expect(cli.err).toContain(`No assistant is running on ${home}.`);
});

test('an assistant that takes no faults is not hurt, and what to do is said', async () => {
  cli.running = { url: 'http://127.0.0.1:1', pid: 42, version: '9.9.9' };
  const refuse = async () => Promise.reject(new GatewayError('forbidden', 'Not started with it.'));
  Object.assign(cli.client, { crash: refuse, hang: refuse, delay: refuse });
  expect(await cli.run('chaos')).toBe(EXIT_CODES.config);
  expect(cli.err).toMatch(/takes no faults(.|\n)*ironbark serve --profile chaos/);
});

test('a fault that does not exist is a wrong command line', async () => {
  expect(await cli.run('chaos', '--kinds', 'explode')).toBe(EXIT_CODES.usage);
  expect(cli.err).toMatch(/There is no fault "explode"(.|\n)*crash, hang, delay/);
});

test('a scripted run starts its own assistant, and reports as JSON', { timeout: 60_000 }, async () => {
  const flags = ['--scripted', '--faults', '5', '--rate', '50', '--seed', '7', '--kinds', 'crash', '--json'];
  expect(await cli.run('chaos', ...flags)).toBe(0);
  expect(JSON.parse(cli.out)).toMatchObject({
    seed: 7,
    held: true,
    faults: 5,
    problems: [],
    recovery: { crash: { faults: 5 } },
    checked: { conversations: 8 },
    replay: 'ironbark chaos --scripted --faults 5 --rate 50 --seed 7 --kinds crash',
  });
  expect(cli.starts).toEqual([]);
});
