import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { modelEnvironment, type RunningAssistant, startAssistant } from './assistant.ts';
import { openCrowd } from './crowd.ts';
import { sayToAll, watchTogether } from './gateway/fan-out.ts';
import { requestAgain } from './gateway/requests.ts';
import { closeSockets, openSockets } from './gateway/sockets.ts';
import { type Stall, type Stalls, watchStalls } from './gateway/stalls.ts';
import { type Benchmark, type Figure, quantile } from './harness.ts';
import { startModelProcess } from './model-process.ts';
import { processorSeconds, residentMegabytes } from './process-usage.ts';
import { openScratch } from './results.ts';

/** What the gateway bears. The assistant and the model server run in processes of their own; clients are in this one. */
export const benchmark: Benchmark = {
  about: 'idle clients, one event to many, requests, and many conversations that stream',
  defaultRounds: 3,
  async measure({ rounds, nodeFlags }) {
    await using scratch = openScratch();
    await using model = await startModelProcess({ words: 200, dripMs: 10 });
    const stalls = watchStalls(join(scratch.path, 'stalls'));
    await using assistant = await startAssistant({
      home: join(scratch.path, 'home'),
      cache: join(scratch.path, 'cache'),
      env: { ...modelEnvironment(model.url), ...stalls.env, IRONBARK_GATEWAY_MAX_CLIENTS: String(IDLE + 10) },
      nodeFlags: [...nodeFlags, ...stalls.nodeFlags],
    });
    return [
      ...(await manyIdle(assistant)),
      ...(await manyRequests(assistant, rounds)),
      ...(await manyStreams(assistant, rounds, stalls)),
      ...(await oneToMany(assistant, rounds)),
    ];
  },
};

const IDLE = 10_000;
const WATCHING = 1_000;
const STREAMING = 20;
/** Until memory that opening took is given back. */
const SETTLE_MS = 10_000;

async function manyIdle(assistant: RunningAssistant): Promise<readonly Figure[]> {
  const before = await residentMegabytes(assistant.pid);
  const sockets = await openSockets(assistant, IDLE);
  await wait(SETTLE_MS);
  const after = await residentMegabytes(assistant.pid);
  await closeSockets(sockets);
  return [
    { name: 'resident before', unit: 'MB', rounds: [before] },
    { name: `resident with ${IDLE} idle clients`, unit: 'MB', rounds: [after], target: { atMost: 400 } },
    { name: 'of it, a client', unit: 'kB', rounds: [(1000 * (after - before)) / IDLE] },
  ];
}

async function oneToMany(assistant: RunningAssistant, rounds: number): Promise<readonly Figure[]> {
  const sockets = await openSockets(assistant, WATCHING);
  await watchTogether(sockets);
  const slowest: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const delays = await sayToAll(sockets, `message ${round}`);
    if (round > 0) slowest.push(quantile(delays, 0.99));
  }
  await closeSockets(sockets);
  const name = `an event to ${WATCHING} clients, p99`;
  return [{ name, unit: 'ms', rounds: slowest, target: { atMost: 100 } }];
}

const READS = [
  { name: 'which models are asked', path: '/api/models' },
  { name: 'threads', path: '/api/chat/threads?limit=20' },
];

async function manyRequests(assistant: RunningAssistant, rounds: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { name, path } of READS) {
    const perSecond: number[] = [];
    const processorMs: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const before = await processorSeconds(assistant.pid);
      const load = await requestAgain(assistant, path, { connections: 32, times: 100 });
      const spent = (await processorSeconds(assistant.pid)) - before;
      if (round === 0) continue;
      perSecond.push(load.perSecond);
      processorMs.push((1000 * spent) / load.latencies.length);
    }
    figures.push({ name: `requests: ${name}`, unit: '/s', rounds: perSecond, target: { atLeast: 2_000 } });
    figures.push({ name: `requests: ${name}: processor time of one`, unit: 'ms', rounds: processorMs });
  }
  return figures;
}

async function manyStreams(
  assistant: RunningAssistant,
  rounds: number,
  stalls: Stalls,
): Promise<readonly Figure[]> {
  await using crowd = await openCrowd(assistant);
  const longest: Stall[] = [];
  for (let round = 0; round <= rounds; round++) {
    await stalls.longest(assistant.pid);
    await crowd.converse(STREAMING, 2);
    const stall = await stalls.longest(assistant.pid);
    if (round > 0) longest.push(stall);
  }
  const name = `longest hold of the event loop, ${STREAMING} conversations stream`;
  return [
    { name, unit: 'ms', rounds: longest.map(({ clock }) => clock), target: { atMost: 50 } },
    { name: `${name}: processor time`, unit: 'ms', rounds: longest.map(({ processor }) => processor) },
  ];
}
