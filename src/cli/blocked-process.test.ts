import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import { connect, type GatewayClient } from '../gateway/index.ts';
import { type ModelServer, startModelServer } from '../llm/testing/openai-server.ts';
import { openHome } from '../storage/index.ts';
import { noteBegin } from './last-end.ts';
import { tokenPath } from './token.ts';

/** Loaded into the program: at this signal its event loop never comes round again. */
const BLOCK_AT_SIGNAL = "data:text/javascript,process.on('SIGUSR2',function%20stuck(){for(;;);})";

test('a process whose event loop stays blocked is replaced, and what it had accepted is answered once', {
  timeout: 90_000,
}, async () => {
  await using cleanup = new AsyncDisposableStack();
  const home = openHome(await mkdtemp(join(tmpdir(), 'ironbark-blocked-'))).path;
  cleanup.defer(() => rm(home, { recursive: true, force: true }));
  // So that its loop is watched from its very beginning.
  noteBegin(home);
  const model = await startModelServer({ fallback: { type: 'answer', text: 'done' } });
  cleanup.defer(() => model.close());
  const announced = await serve(home, model, cleanup);

  const first = await announced();
  const client = await connectTo(home, first.url, cleanup);
  const replies = await repliesIn(client, 'talk');
  model.enqueue({ type: 'hang' });
  await client.send('talk', 'a task', { messageId: 'm1' });
  await model.received(1);
  process.kill(first.pid, 'SIGUSR2');

  const second = await announced();
  expect(second.url).toBe(first.url);
  expect(second.pid).not.toBe(first.pid);
  expect(await client.send('talk', 'a task', { messageId: 'm1' })).toMatchObject({ duplicate: true });
  await client.send('talk', 'another', { messageId: 'm2' });
  await replies.reached(2);
  expect(replies.finishes).toEqual(['answered', 'answered']);
  const log = await readFile(join(home, 'logs/ironbark.log'), 'utf8');
  expect(log).toMatch(/"type":"blocked".*stuck \(data:.*blocked for 1 s by code outside of any actor/);
});

interface Announcement {
  readonly url: string;
  readonly pid: number;
}

/** Starts the program. What it returns waits for the next process that says it is ready; all are ended at the end. */
async function serve(home: string, model: ModelServer, cleanup: AsyncDisposableStack) {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(PACKAGE_ROOT, 'bin/ironbark.js'), 'serve', '--json', '--home', home, '--port', '0'],
    {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        NODE_OPTIONS: `--import=${BLOCK_AT_SIGNAL}`,
        IRONBARK_LLM_PROVIDER: 'openai-compatible',
        IRONBARK_LLM_BASE_URL: model.url,
        IRONBARK_WATCHDOG_RESTART_AFTER_SECONDS: '1',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  if (!child.stdout) throw new Error('no output');
  // The processes after the first one write to the same pipe.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last = child.pid ?? 0;
  cleanup.defer(async () => {
    process.kill(last, 'SIGKILL');
    while (!(await lines.next()).done);
  });
  return async (): Promise<Announcement> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('it ended instead of starting');
    const announcement: Announcement = JSON.parse(value);
    last = announcement.pid;
    return announcement;
  };
}

async function connectTo(home: string, url: string, cleanup: AsyncDisposableStack): Promise<GatewayClient> {
  const token = (await readFile(tokenPath(home), 'utf8')).trim();
  const client = await connect({ url, token, backOff: (_, signal) => wait(50, undefined, { signal }) });
  cleanup.defer(() => client.close());
  return client;
}

/** How the turns of a conversation ended, as they do. */
async function repliesIn(client: GatewayClient, conversation: string) {
  const finishes: string[] = [];
  let wake = (): void => {};
  await client.subscribe(conversation, 0, (event) => {
    if (event.type !== 'entry' || event.entry.type !== 'turn.replied') return;
    finishes.push(event.entry.finish);
    wake();
  });
  return {
    finishes,
    async reached(count: number): Promise<void> {
      while (finishes.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
