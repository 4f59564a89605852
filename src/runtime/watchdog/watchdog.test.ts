import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type BlockedReport, startWatchdog, type Watchdog } from './index.ts';

const LIMIT = 60_000;

/** A watchdog whose thread is at work, and a way to wait for the next thing it says. */
async function watching() {
  const heard: BlockedReport[] = [];
  let wake = (): void => {};
  const watchdog = startWatchdog({
    reportAfterMs: 250,
    onBlocked(report) {
      heard.push(report);
      wake();
    },
    onError(error) {
      throw error;
    },
  });
  const report = async (): Promise<BlockedReport> => {
    while (heard.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const [first] = heard.splice(0, 1);
    if (!first) throw new Error('nothing was heard');
    return first;
  };
  blockAs(watchdog, 'root/warm-up');
  await report();
  return { watchdog, heard, report };
}

/** Blocks the main thread in the name of an actor, long enough for a busy machine to notice. Returns how long. */
function blockAs(watchdog: Watchdog, path: string): number {
  const begun = performance.now();
  watchdog.running(path);
  hogTheLoop(1_200);
  watchdog.running(undefined);
  return performance.now() - begun;
}

function hogTheLoop(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('a blocked loop is reported with how long, which actor and where in the code', {
  timeout: LIMIT,
}, async () => {
  const { watchdog, report } = await watching();
  const took = blockAs(watchdog, 'root/conversations/älter');
  const blocked = await report();
  expect(blocked).toMatchObject({ type: 'blocked', actor: 'root/conversations/älter' });
  expect(blocked.blockedMs).toBeGreaterThanOrEqual(250);
  expect(blocked.blockedMs).toBeLessThanOrEqual(Math.ceil(took));
  expect(blocked.stack).toContainEqual(expect.stringMatching(/^hogTheLoop \(.*:\d+:\d+\)$/));
  await watchdog.stop();
});

test('the main thread goes on, and each block is told once', { timeout: LIMIT }, async () => {
  const { watchdog, heard, report } = await watching();
  blockAs(watchdog, 'root/a');
  expect((await report()).actor).toBe('root/a');
  hogTheLoop(1_200);
  expect((await report()).actor).toBe(undefined);
  expect(heard).toEqual([]);
  await watchdog.stop();
});

test('more actors than there is room for are still told apart', { timeout: LIMIT }, async () => {
  const { watchdog, report } = await watching();
  for (let n = 0; n < 5_000; n++) watchdog.running(`root/conversations/session-with-a-long-name-${n}`);
  blockAs(watchdog, 'root/conversations/session-with-a-long-name-3');
  expect((await report()).actor).toBe('root/conversations/session-with-a-long-name-3');
  await watchdog.stop();
});

/** Runs the program beside this file; `out` and `complaint` are also what its replacement writes. */
async function runBlocked(logFile: string, how: 'for-good' | 'often') {
  const program = join(import.meta.dirname, 'testing/blocked.ts');
  const child = spawn(process.execPath, [program, logFile, how], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { pid: child.pid, exit: await exited, out, complaint };
}

test('a process whose loop stays blocked is killed, its last words are kept, its replacement starts after its end', {
  timeout: LIMIT,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watchdog-'));
  const logFile = join(folder, 'log');
  const { pid, exit, out, complaint } = await runBlocked(logFile, 'for-good');
  expect(exit).toEqual([null, 'SIGKILL']);
  expect(out).toBe(`blocked ${pid}\nreplaced\n`);
  expect(complaint).toMatch(
    /blocked for 1 s by the actor root\/stuck\. It is replaced\.\n(?: {4}at .*\n)* {4}at spin \(file:.*blocked\.ts:\d+:\d+\)\n/,
  );
  expect(JSON.parse(await readFile(logFile, 'utf8'))).toMatchObject({
    level: 60,
    type: 'blocked',
    actor: 'root/stuck',
  });
  await rm(folder, { recursive: true });
});

test('a loop that is blocked again and again, but never for long, is left alone', {
  timeout: LIMIT,
}, async () => {
  expect(await runBlocked('', 'often')).toMatchObject({ exit: [0, null], out: 'alive\n', complaint: '' });
});
