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
      return endOfJobs(to, order.name, order.jobs);
    case 'talk':
      return talk(to, order);
    case 'arm':
      return arm(to, order);
    case 'lateness':
      return lateness(to, order.name, order.runs);
    case 'collect':
      return globalThis.gc?.();
  }
}

async function orderJobs({ work }: Assistant, name: string, jobs: number): Promise<void> {
  for (let place = 0; place < jobs; place++) {
    const title = `${name} ${place}`;
    await work.create(jobOrder(title), title);
  }
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

/** Rows decide; the feed only says when to look again. */
async function endOfJobs(to: Assistant, name: string, jobs: number): Promise<readonly Ended[]> {
  for (;;) {
    const news = nextNews(to);
    const ended = (await to.work.list({ filter: 'all', limit: 1_000 })).filter(
      ({ title, state }) => title.startsWith(`${name} `) && hasEnded(state),
    );
    if (ended.length >= jobs) return Promise.all(ended.map((job) => endOf(to, job)));
    await news;
  }
}

async function endOf(to: Assistant, { id, title, state }: JobSummary): Promise<Ended> {
  const detail = await to.work.get(id);
  const entries = await to.entries(detail?.conversationId ?? '', { limit: 200 });
  return { title, state, replies: entries.filter(({ type }) => type === 'turn.replied').length };
}

const LOOK_AGAIN_MS = 500;

function nextNews(to: Assistant): Promise<void> {
  const news = Promise.withResolvers<void>();
  const stop = to.watchWork(() => news.resolve());
  const timer = setTimeout(news.resolve, LOOK_AGAIN_MS);
  return news.promise.finally(() => {
    stop();
    clearTimeout(timer);
  });
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

async function lateness(to: Assistant, name: string, runs: number): Promise<readonly number[]> {
  for (;;) {
    const news = nextNews(to);
    const late = await runsOf(to, name);
    if (late.filter(({ completedAt }) => completedAt !== null).length >= runs)
      return late.flatMap(({ lateMs }) => (lateMs === null ? [] : [lateMs]));
    await news;
  }
}

async function runsOf({ routines }: Assistant, name: string): Promise<readonly RoutineRun[]> {
  const mine = (await routines.list()).filter((routine) => routine.name.startsWith(`${name}-`));
  return (await Promise.all(mine.map(({ id }) => routines.runs(id, 10)))).flat();
}
