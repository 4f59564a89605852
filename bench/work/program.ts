import { pino } from 'pino';
import { startIronbark } from '../../src/cli/start.ts';
import { loadConfig } from '../../src/config/index.ts';
import type { Assistant } from '../../src/core/assistant.ts';
import type { RoutineRun } from '../../src/core/routines.ts';
import { hasEnded, type JobOrder, type JobSummary } from '../../src/core/work.ts';
import { acquireHomeLock, openHome } from '../../src/storage/index.ts';
import { type Ended, Order } from './orders.ts';

/** The program of `startWorkProcess`. Runs until its parent lets go of it, or kills it. */
const [path = ''] = process.argv.slice(2);
const env = { ...process.env, IRONBARK_GATEWAY_PORT: '0' };
const home = openHome(path);
const lock = await acquireHomeLock(path, () => ({ url: null }));
if (!lock.held) throw new Error('the home is held by somebody else');
const running = await startIronbark({
  config: loadConfig({ home: path, env }),
  home,
  version: 'bench',
  log: pino({ level: 'silent' }),
  env,
  gateway: false,
});
const { assistant } = running;
assistant.watchWork((event) => {
  if (event.type === 'job') note(event.job);
});

process.on('message', async (message) => {
  const order = Order.parse(message);
  const { id } = order;
  try {
    process.send?.({ id, value: await carryOut(assistant, order) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.once('disconnect', () => void running.stop().then(() => process.exit(0)));
process.send?.('ready');

async function carryOut(to: Assistant, order: Order): Promise<unknown> {
  switch (order.do) {
    case 'order':
      return orderJobs(to, order.name, order.jobs);
    case 'await':
      return endOfJobs(order.name, order.jobs);
    case 'outcomes':
      return outcomes(to, order.name);
    case 'talk':
      return talk(to, order);
    case 'arm':
      return arm(to, order);
    case 'lateness':
      return lateness(to, order.name, order.runs);
  }
}

/** As many at a time as there are users who say something in what this is compared with. */
const LANES = 5;

async function orderJobs({ work }: Assistant, name: string, jobs: number): Promise<void> {
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    for (let place = lane; place < jobs; place += LANES) {
      const title = `${name} ${place}`;
      note(await work.create(jobOrder(title), title));
    }
  });
  await Promise.all(lanes);
}

const jobOrder = (title: string): JobOrder => ({
  title,
  description: `Do this: ${title}`,
  work: { kind: 'task', mode: 'local' },
  priority: 'job',
  projectDir: null,
  limits: { iterations: 5, tokens: null, budgetMicroUsd: null, minutes: null },
  tools: null,
  credentials: {},
  by: { kind: 'user', conversationId: null },
  origins: [],
});

/** Titles of jobs that have ended: told live, and of those that an earlier life did, when they are ordered again. */
const ended = new Set<string>();
let noted = Promise.withResolvers<void>();

function note({ title, state }: JobSummary): void {
  if (!hasEnded(state)) return;
  ended.add(title);
  noted.resolve();
  noted = Promise.withResolvers();
}

/** Asks nothing of what is measured. */
async function endOfJobs(name: string, jobs: number): Promise<void> {
  while ([...ended].filter((title) => title.startsWith(`${name} `)).length < jobs) await noted.promise;
}

const isEnded = ({ title, state }: JobSummary, name: string): boolean =>
  title.startsWith(`${name} `) && hasEnded(state);

async function outcomes(to: Assistant, name: string): Promise<readonly Ended[]> {
  const jobs = await to.work.list({ filter: 'all', limit: MOST });
  return Promise.all(jobs.filter((job) => isEnded(job, name)).map((job) => endOf(to, job)));
}

const MOST = 10_000;

async function endOf(to: Assistant, { id, title, state }: JobSummary): Promise<Ended> {
  const detail = await to.work.get(id);
  const entries = await to.entries(detail?.conversationId ?? '', { limit: 200 });
  return { title, state, replies: entries.filter(({ type }) => type === 'turn.replied').length };
}

async function talk(
  to: Assistant,
  {
    name,
    conversations,
    turns,
  }: { readonly name: string; readonly conversations: number; readonly turns: number },
): Promise<readonly number[]> {
  const each = Array.from({ length: conversations }, async (_, place) => {
    const latencies: number[] = [];
    for (let turn = 0; turn < turns; turn++) latencies.push(await say(to, `${name}-${place}`, turn));
    return latencies;
  });
  return (await Promise.all(each)).flat();
}

async function say(to: Assistant, conversationId: string, turn: number): Promise<number> {
  const replied = Promise.withResolvers<void>();
  const stop = to.watch(conversationId, (event) => {
    if (event.type === 'entry' && event.entry.type === 'turn.replied') replied.resolve();
  });
  const startedAt = performance.now();
  const input = { type: 'message', text: 'Go on.' } as const;
  await to.accept({ channel: 'web', externalId: `${conversationId}/${turn}`, conversationId, input });
  await replied.promise;
  stop();
  return performance.now() - startedAt;
}

async function arm(
  { routines }: Assistant,
  {
    name,
    routines: count,
    schedule,
  }: { readonly name: string; readonly routines: number; readonly schedule: string },
): Promise<void> {
  for (let place = 0; place < count; place++) {
    const answer = await routines.create(
      {
        name: `${name}-${place}`,
        description: '',
        trigger: { kind: 'cron', schedule, timezone: 'UTC' },
        action: {
          kind: 'lightweight',
          prompt: 'Say that all is well.',
          contextPaths: [],
          maxTokens: 4_096,
          useTools: false,
          maxToolRounds: 0,
        },
        conversationId: null,
        by: 'user',
        origins: [],
      },
      `${name}-${place}`,
    );
    if (!answer.ok) throw new Error(answer.message);
  }
}

/** Told live, as the ends of jobs are. */
async function lateness(to: Assistant, name: string, runs: number): Promise<readonly number[]> {
  const mine = new Set(
    (await to.routines.list()).filter((routine) => routine.name.startsWith(`${name}-`)).map(({ id }) => id),
  );
  const ended = new Map<string, RoutineRun>();
  const all = Promise.withResolvers<void>();
  const add = (run: RoutineRun): void => {
    if (mine.has(run.routineId) && run.completedAt !== null) ended.set(run.id, run);
    if (ended.size >= runs) all.resolve();
  };
  const stop = to.watchWork((event) => {
    if (event.type === 'routine-run') add(event.run);
  });
  for (const id of mine) for (const run of await to.routines.runs(id, 10)) add(run);
  await all.promise;
  stop();
  return [...ended.values()].flatMap(({ lateMs }) => (lateMs === null ? [] : [lateMs]));
}
