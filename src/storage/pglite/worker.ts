import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../core/clock.ts';
import { coerceError } from '../../core/errors.ts';
import { unpackFolder } from '../template/archive.ts';
import { ensureDataDirectory } from './data-directory.ts';
import { diskTrouble } from './disk-space.ts';
import { type Engine, type EngineOptions, openEngine } from './engine.ts';
import { answer, beginTransaction, commitGroup, endTransaction } from './group-commit.ts';
import { createJobQueue, type Work } from './job-queue.ts';
import type { Answer, Job, RawResult, Report, WorkerInput } from './messages.ts';
import { createUpkeep, type Upkeep } from './upkeep.ts';

/** The thread in which the embedded database runs: it takes jobs, does them one after another, and answers. */

if (!parentPort) throw new Error('the database worker runs in a worker thread only');
const port = parentPort;
const input: WorkerInput = workerData;
const queue = createJobQueue();
let working = false;
let openTransaction: number | undefined;

const report = (message: Report): void => port.postMessage(message);

/** The thread ends at once, in the middle of whatever it does: the database has stopped and would hang. */
function fail(thrown: unknown): never {
  const { message, code }: { message: string; code?: unknown } = coerceError(thrown);
  report({ type: 'failed', trouble: { message, code: typeof code === 'string' ? code : undefined } });
  process.exit(1);
}

const options: Omit<EngineOptions, 'dataDir'> = {
  onPanic: fail,
  onNotification: (channel, payload) => report({ type: 'notified', channel, payload }),
  onNotice: (text) => report({ type: 'notice', text }),
};

async function open(): Promise<Engine> {
  await ensureDataDirectory(input.dataDir, async (folder) => {
    if (input.template !== undefined) return unpackFolder(input.template, folder);
    const maker = await openEngine({ ...options, dataDir: folder });
    await maker.close();
  });
  return openEngine({ ...options, dataDir: input.dataDir });
}

async function workOff(engine: Engine, upkeep: Upkeep): Promise<void> {
  if (working) return;
  working = true;
  for (let work = queue.next(openTransaction); work; work = queue.next(openTransaction)) {
    report({ type: 'answers', answers: await perform(engine, work) });
    takeArrived();
    if (openTransaction === undefined) await upkeep.afterWork(queue.isEmpty());
    takeArrived();
  }
  working = false;
}

/** Jobs that came while the thread was busy, without waiting for its event loop to hand them over. */
function takeArrived(): void {
  for (let arrived = receiveMessageOnPort(port); arrived; arrived = receiveMessageOnPort(port)) {
    const jobs: readonly Job[] = arrived.message;
    queue.add(jobs);
  }
}

async function perform(engine: Engine, work: Work): Promise<readonly Answer[]> {
  if (work.type === 'group') {
    const trouble = diskTrouble(input.dataDir);
    if (trouble) return work.jobs.map(({ id }) => ({ id, ok: false, trouble }));
    return commitGroup(engine.connection, work.jobs);
  }
  return [await answer(work.id, async () => ({ committed: true, results: await performOne(engine, work) }))];
}

async function performOne(
  { connection, close }: Engine,
  work: Exclude<Work, { type: 'group' }>,
): Promise<readonly RawResult[]> {
  switch (work.type) {
    case 'query':
      return [await connection.run(work.statement)];
    case 'script':
      await connection.script(work.sql);
      return [];
    case 'begin':
      await beginTransaction(connection);
      openTransaction = work.id;
      return [];
    case 'end':
      openTransaction = undefined;
      await endTransaction(connection, work.keep);
      return [];
    case 'close':
      await close();
      port.close();
      return [];
  }
}

try {
  const engine = await open();
  const upkeep = createUpkeep(engine.connection, systemClock);
  port.on('message', (jobs: readonly Job[]) => {
    queue.add(jobs);
    workOff(engine, upkeep).catch(fail);
  });
  report({ type: 'opened' });
} catch (thrown) {
  fail(thrown);
}
