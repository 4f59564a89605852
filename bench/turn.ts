import { connect, type GatewayClient } from '../src/gateway/index.ts';
import { modelEnvironment, type RunningAssistant, startAssistant } from './assistant.ts';
import { type Conversation, openConversation } from './conversation.ts';
import { callDirectly } from './direct-call.ts';
import { type Benchmark, type Figure, interleave, median, quantile, type Target } from './harness.ts';
import { type Load, runLoad } from './load.ts';
import { startModelProcess } from './model-process.ts';
import { residentMegabytes } from './process-usage.ts';
import { openScratch } from './results.ts';

/**
 * What the assistant adds to a model that answers at once. The assistant and the model server run in processes of
 * their own; users come over WebSockets; the database is the embedded one and really reaches the disk.
 */
export const benchmark: Benchmark = {
  about: 'whole turns with a model that answers at once, against direct calls of that model',
  defaultRounds: 5,
  async measure({ rounds, nodeFlags }) {
    await using scratch = openScratch();
    await using model = await startModelProcess();
    const folders = { home: `${scratch.path}/home`, cache: `${scratch.path}/cache` };
    await using assistant = await startAssistant({ ...folders, env: modelEnvironment(model.url), nodeFlags });
    const users = await connectUsers(assistant);
    const levels: Level[] = [];
    for (const crowd of CROWDS) levels.push(await measureLevel(crowd, rounds, model.url, users));
    const memory = await residentMegabytes(assistant.pid);
    await Promise.all(users.map((user) => user.close()));
    return [
      ...levels.flatMap(figuresOf),
      { name: `resident after ${countTurns(rounds)} turns`, unit: 'MB', rounds: [memory] },
    ];
  },
};

interface Crowd {
  readonly conversations: number;
  /** Turns of each conversation in one round. */
  readonly turns: number;
  readonly overhead?: Target;
  readonly throughput?: Target;
  readonly slowest?: Target;
}

const CROWDS: readonly Crowd[] = [
  { conversations: 1, turns: 60, overhead: { atMost: 5 } },
  { conversations: 5, turns: 40 },
  { conversations: 20, turns: 30, throughput: { atLeast: 300 }, slowest: { atMost: 150 } },
  { conversations: 100, turns: 8 },
];

/** WebSockets; in a larger crowd several conversations share one. */
const CONNECTIONS = 20;

interface Level {
  readonly crowd: Crowd;
  readonly direct: readonly Load[];
  readonly turns: readonly Load[];
}

function connectUsers({ url, token }: RunningAssistant): Promise<readonly GatewayClient[]> {
  return Promise.all(Array.from({ length: CONNECTIONS }, () => connect({ url, token, reconnect: false })));
}

async function measureLevel(
  crowd: Crowd,
  rounds: number,
  modelUrl: string,
  users: readonly GatewayClient[],
): Promise<Level> {
  const { conversations, turns } = crowd;
  const results = await interleave(rounds, {
    direct: () => runLoad(conversations, turns, () => callDirectly(modelUrl)),
    turns: (round) => converse(crowd, `round-${conversations}-${round}`, users),
  });
  return { crowd, direct: results.get('direct') ?? [], turns: results.get('turns') ?? [] };
}

/** Every round has conversations of its own, so that no round is slower for the length of their history. */
async function converse(
  { conversations, turns }: Crowd,
  name: string,
  users: readonly GatewayClient[],
): Promise<Load> {
  const opening = Array.from({ length: conversations }, (_, place) => {
    const user = users[place % users.length];
    if (!user) throw new Error('nobody is connected');
    return openConversation(user, `${name}-${place}`);
  });
  const open: readonly Conversation[] = await Promise.all(opening);
  const load = await runLoad(
    conversations,
    turns,
    async (worker) => open[worker]?.say('Go on.') ?? Number.NaN,
  );
  for (const conversation of open) conversation.leave();
  return load;
}

function figuresOf({ crowd, direct, turns }: Level): readonly Figure[] {
  const { conversations, overhead, throughput, slowest } = crowd;
  const who = conversations === 1 ? 'alone' : `${conversations} at once`;
  const middle = (load: Load) => median(load.latencies);
  const added = turns.map(
    (load, round) => middle(load) - (direct[round] ? middle(direct[round]) : Number.NaN),
  );
  const share = turns.map((load, round) => load.perSecond / (direct[round]?.perSecond ?? Number.NaN));
  return [
    { name: `${who}: direct call, median`, unit: 'ms', rounds: direct.map(middle) },
    { name: `${who}: turn, median`, unit: 'ms', rounds: turns.map(middle) },
    { name: `${who}: turn minus direct call`, unit: 'ms', rounds: added, ...targeted(overhead) },
    {
      name: `${who}: turn, p99`,
      unit: 'ms',
      rounds: turns.map((load) => quantile(load.latencies, 0.99)),
      ...targeted(slowest),
    },
    { name: `${who}: direct calls`, unit: '/s', rounds: direct.map(({ perSecond }) => perSecond) },
    {
      name: `${who}: turns`,
      unit: '/s',
      rounds: turns.map(({ perSecond }) => perSecond),
      ...targeted(throughput),
    },
    { name: `${who}: turns to direct calls`, unit: '×', rounds: share },
  ];
}

function targeted(target: Target | undefined): { readonly target?: Target } {
  return target === undefined ? {} : { target };
}

/** With the round that warms up. */
function countTurns(rounds: number): number {
  return CROWDS.reduce((sum, { conversations, turns }) => sum + conversations * turns, 0) * (rounds + 1);
}
