import { pino } from 'pino';
import { startIronbark } from '../../src/cli/start.ts';
import { loadConfig } from '../../src/config/index.ts';
import { hasEnded, type JobOrder, type JobSummary } from '../../src/core/work.ts';
import { acquireHomeLock, openHome } from '../../src/storage/index.ts';
import { countTool } from './count-tool.ts';

/**
 * An assistant with a queue of jobs that is killed. Each job asks the model, which asks for one run of `count`; that
 * leaves a line in a file outside of the database. Ends by itself when all jobs have, and says how each did, and what
 * its journal says of the run.
 *
 * Usage: node jobs.ts HOME MODEL_URL EFFECTS_FILE JOBS
 */
const [path = '', modelUrl = '', effects = '', many = ''] = process.argv.slice(2);

const order = (n: number): JobOrder => ({
  title: `task ${n}`,
  description: `task ${n}.`,
  work: { kind: 'task', mode: 'local' },
  priority: n % 10 === 0 ? 'interactive' : 'job',
  projectDir: 'jobs',
  limits: { iterations: 5, tokens: null, budgetMicroUsd: null, minutes: null },
  tools: ['count'],
  credentials: {},
  by: { kind: 'routine', routineId: 'none', runId: `run-${n}`, day: '2026-11-22' },
  origins: [],
});

const home = await openHome(path);
const lock = await acquireHomeLock(path, () => ({ url: null }));
if (!lock.held) throw new Error('the home is held by somebody else');
const running = await startIronbark({
  home,
  config: loadConfig({
    home: path,
    env: {},
    overrides: [
      { setting: 'llm.provider', value: 'openai-compatible', flag: 'test' },
      { setting: 'llm.base_url', value: modelUrl, flag: 'test' },
    ],
  }),
  version: 'test',
  log: pino({ level: 'silent' }),
  env: {},
  gateway: false,
  extraTools: [countTool(effects)],
});
const { work } = running.assistant;
let most = 0;
running.assistant.watchWork(() => {
  void work.counts().then(({ inProgress, stuck }) => {
    most = Math.max(most, inProgress + stuck);
  });
});
for (let n = 0; n < Number(many); n++) await work.create(order(n), `order ${n}`);
console.log('ready');
for (;;) {
  const jobs = await work.list({ filter: 'all', limit: 1_000 });
  if (jobs.every(({ state }) => hasEnded(state))) {
    console.log(JSON.stringify({ most, jobs: await Promise.all(jobs.map(told)) }));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await running.stop();

async function told({ id }: JobSummary) {
  const job = await work.get(id);
  const entries = job ? await running.assistant.entries(job.conversationId, { limit: 500 }) : [];
  const outcomes = entries.flatMap((entry) => {
    if (entry.type === 'tool.refused') return [entry.content];
    return entry.type === 'tool.completed' ? [entry.outcome] : [];
  });
  return { ...job, outcomes };
}
