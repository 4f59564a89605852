import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runWhole, type WholeAssistant } from '../../gateway/testing/whole-assistant.ts';
import { CommandLine } from '../testing/command-line.ts';

/** The commands over a real assistant, whose API they ask. */

let whole: WholeAssistant;
let cli: CommandLine;

beforeAll(async () => {
  whole = await runWhole({
    settings: {
      'heartbeat.every_minutes': 45,
      'heartbeat.quiet_hours': '22:00-07:00',
      'hygiene.work_days': 0,
    },
  });
});
afterAll(() => whole[Symbol.asyncDispose]());
beforeEach(() => {
  cli = new CommandLine('/nowhere');
  cli.running = { url: whole.url, pid: 42, version: 'test' };
  cli.token = whole.token;
});

/** What it printed, after it ended well. */
async function told(...argv: string[]): Promise<string> {
  [cli.out, cli.err] = ['', ''];
  expect([await cli.run(...argv), cli.err]).toEqual([0, '']);
  return cli.out.trim();
}

async function write(list: string): Promise<void> {
  const written = await whole.assistant.memory.write({ path: 'HEARTBEAT.md', text: list, append: false });
  expect(['written', 'unchanged']).toContain(written.outcome);
}

test('the heartbeat is shown, with what it waits for', async () => {
  expect(await told('heartbeat', 'status')).toBe(
    'It would look every 45 minutes, not from 22:00 to 07:00, but HEARTBEAT.md asks for nothing.',
  );
  await write('- [ ] call Ann');
  expect(await told('heartbeat', 'status')).toBe('It looks every 45 minutes, not from 22:00 to 07:00.');
});

test('a beat that is wanted is taken at once, and what it says is told and listed', async () => {
  await write('- [ ] call Ann');
  // The greeting is answered with `ok`; nothing else is asked before the beat.
  const conversationId = 'talk';
  const noticed = new Promise<string>((resolve) => {
    whole.assistant.watch(conversationId, (event) => {
      if (event.type === 'entry' && event.entry.type === 'notice.posted') resolve(event.entry.text);
      if (event.type !== 'entry' || event.entry.type !== 'turn.replied') return;
      whole.model.enqueue({ type: 'answer', text: 'Call Ann now.' });
      void cli.run('heartbeat', 'run');
    });
  });
  await whole.assistant.accept({
    channel: 'web',
    externalId: 'one',
    conversationId,
    input: { type: 'message', text: 'good morning to you all', mode: 'queue' },
  });
  expect(await noticed).toBe('Call Ann now.');
  expect(await told('heartbeat', 'status')).toMatch(/told {5}Call Ann now\.$/);
  expect(await told('notifications')).toMatch(
    /told {5}heartbeat\.attention\n {2}the heartbeat: Call Ann now\.$/,
  );
  expect(JSON.parse(await told('notifications', '--json'))).toMatchObject({
    notifications: [{ kind: 'heartbeat.attention', state: 'told', thread_id: conversationId }],
  });
});

test('what is old is told, and removed', async () => {
  expect(await told('hygiene', 'status')).toBe('Not done yet.');
  expect(await told('hygiene', 'run', '--dry-run')).toBe('Nothing is too old.');
  expect(await told('hygiene', 'run')).toBe('Nothing is too old.');
  expect(await told('hygiene', 'status')).toMatch(/^Last done 20/);
});

test('a limit that is none is refused', async () => {
  expect(await cli.run('notifications', '--limit', 'all')).not.toBe(0);
  expect(cli.err).toContain('--limit must be a whole number');
});
