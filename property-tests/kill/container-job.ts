import { pino } from 'pino';
import { startIronbark } from '../../src/cli/start.ts';
import { loadConfig } from '../../src/config/index.ts';
import { hasEnded } from '../../src/core/work.ts';
import { acquireHomeLock, openHome } from '../../src/storage/index.ts';

/**
 * An assistant with one job in a container that is killed. Ends by itself when the job has, and says how it did.
 *
 * Usage: node container-job.ts HOME MODEL_URL DOCKER_SOCKET
 */
const [path = '', modelUrl = '', dockerSocket = ''] = process.argv.slice(2);

const home = openHome(path);
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
      { setting: 'sandbox.docker_socket', value: dockerSocket, flag: 'test' },
      { setting: 'sandbox.memory_mb', value: 1024, flag: 'test' },
    ],
  }),
  version: 'test',
  log: pino({ level: 'warn' }, pino.destination(2)),
  env: {},
  gateway: false,
});
const { work } = running.assistant;
const { id } = await work.create(
  {
    title: 'count',
    description: 'Count to the end.',
    work: { kind: 'task', mode: 'worker' },
    priority: 'job',
    projectDir: 'counted',
    limits: { iterations: 50, tokens: null, budgetMicroUsd: null, minutes: null },
    tools: null,
    credentials: {},
    by: { kind: 'user', conversationId: null },
    origins: [],
  },
  'the only order',
);
console.log('ready');
let job = await work.get(id);
while (job && !hasEnded(job.state)) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  job = await work.get(id);
}
const events = await work.events(id, { limit: 500 });
console.log(JSON.stringify({ job, events }));
await running.stop();
process.exit(0);
