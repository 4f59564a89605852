import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OpenMemoryDesk, openMemoryDesk } from '../../../actors/testing/open-memory-desk.ts';
import { CommandLine } from '../testing/command-line.ts';

let memory: OpenMemoryDesk;
let cli: CommandLine;

beforeAll(async () => {
  memory = await openMemoryDesk();
});
afterAll(() => memory.close());
beforeEach(async () => {
  await memory.clear();
  await memory.database.query('delete from memory_step');
  cli = new CommandLine('/nowhere');
  cli.running = { url: 'http://127.0.0.1:1', pid: 42, version: '9.9.9' };
  cli.client.memory = memory.desk;
});

async function run(...argv: string[]): Promise<string> {
  cli.out = '';
  cli.err = '';
  const code = await cli.run('memory', ...argv);
  if (code !== 0) throw new Error(`exit ${code}: ${cli.err}${cli.out}`);
  return cli.out;
}

/** As if it had been learnt from a conversation. */
async function learn(path: string, text: string): Promise<void> {
  await memory.desk.write({ path, text, append: false });
  await memory.database.query("update memory_source set writer = 'distiller'");
}

const TWICE = '- The user likes tea\n- Likes tea';

test('memory is tidied, its steps are told with their reasons, and undone', async () => {
  expect(await run('tidy')).toBe('There is nothing to tidy.\n');
  expect(await run('steps')).toBe('Memory has not been tidied yet.\n');
  await learn('facts/tea.md', TWICE);

  expect(await run('tidy', '--dry-run')).toMatch(
    /^It would do this:\n2026-03-14 12:00 {2}merge\n {2}“Likes tea” is said/,
  );
  expect((await memory.desk.read('facts/tea.md'))?.content).toBe(TWICE);

  expect(await run('tidy')).toContain('“Likes tea” is said by “The user likes tea”.\n  facts/tea.md\n');
  expect((await memory.desk.read('facts/tea.md'))?.content).toBe('- The user likes tea');

  const { steps } = JSON.parse(await run('steps', '--json'));
  expect(steps).toMatchObject([{ action: 'merge', paths: ['facts/tea.md'], undone: false }]);
  expect(await run('undo', steps[0].id)).toContain('Undone');
  expect((await memory.desk.read('facts/tea.md'))?.content).toBe(TWICE);
  expect(await run('steps')).toContain('merge  (undone)');
});

test('what cannot be undone is told, and ends with an error', async () => {
  expect(await cli.run('memory', 'undo', 'nothing')).not.toBe(0);
  expect(cli.err).toContain('There is no step nothing.');
  expect(await cli.run('memory', 'steps', '--limit', '0')).not.toBe(0);
  expect(cli.err).toContain('--limit must be a whole number from 1 to 1000');
});

test('nothing is done while another process tidies', async () => {
  await learn('facts/tea.md', TWICE);
  await memory.database.query("update memory_tidying set holder = 'other', until = '2026-03-14T12:05Z'");
  expect(await run('tidy')).toBe('Memory is being tidied just now. Try again in a moment.\n');
  await memory.database.query("update memory_tidying set until = '2026-03-14T11:55Z'");
  expect(await run('tidy')).toContain('merge');
});
