import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createSandboxRunner, type SandboxRunner } from '../actors/sandbox/runner.ts';
import {
  type CallLimits,
  createBuilder,
  createDescriptionCache,
  createShelf,
  createSlotPool,
  DEFAULT_CALL_LIMITS,
  grant,
  loadTool,
  type SandboxedTool,
  type SandboxServices,
  type SlotPool,
  startSlot,
} from '../sandbox/index.ts';
import { buildWatGuest } from '../sandbox/testing/guests/index.ts';
import { systemClock } from '../src/core/clock.ts';
import { createGrantStore, createToolFolder, requestedItems } from '../src/extensions/index.ts';
import { createRateLimiter, type Transport } from '../src/network/index.ts';
import { startSystem } from '../src/runtime/index.ts';
import { createLeakDetector } from '../src/safety/index.ts';
import { standInSecrets } from '../src/secrets/index.ts';
import { testContext } from '../src/tools/testing.ts';
import { sandbox } from '../supervisors/sandbox.ts';
import { type Benchmark, type Figure, interleave, median, series, type Target } from './harness.ts';
import { type Load, runLoad } from './load.ts';
import { openScratch } from './results.ts';

/**
 * Calls of sandboxed tools through the whole pipeline: both statecharts, scans, credentials, the slot's process. Only
 * the network answers at once, from memory.
 */
export const benchmark: Benchmark = {
  about: 'calls of WebAssembly tools through the whole sandbox, on two slots',
  defaultRounds: 5,
  async measure({ rounds }) {
    await using scratch = openScratch();
    await using stage = await openStage(scratch.path);
    const { trivial, javascript, run } = stage;
    const alone = series(() => runLoad(1, 200, () => run(trivial)));
    const crowd = series(() => runLoad(8, 200, () => run(trivial)));
    const qjs = series(() => runLoad(1, 60, () => run(javascript)));
    const pipeline = series(() => runLoad(1, 500, () => stage.runWithoutGuest(trivial)));
    const reload = series((round) => stage.reload(round));
    const respawn = series(() => stage.respawn());
    const hostile = series(() => stage.standHostile());
    await interleave(rounds, alone, crowd, qjs, pipeline, reload, respawn, hostile);
    return [
      times('hand-written guest, one HTTP request: p50', alone.values, { atMost: 2 }),
      rates('hand-written guest, 8 callers', crowd.values, { atLeast: 800 }),
      times('guest in JavaScript, one HTTP request: p50', qjs.values, { atMost: 4 }),
      times('the pipeline alone, guest and network taken out: p50', pipeline.values, { atMost: 0.3 }),
      {
        name: 'hot reload: file changed to new version callable',
        unit: 'ms',
        rounds: reload.values,
        target: { atMost: 50 },
      },
      {
        name: 'slot killed to the next one ready',
        unit: 'ms',
        rounds: respawn.values,
        target: { atMost: 120 },
      },
      {
        name: 'longest stall of the host beside hostile guests',
        unit: 'ms',
        rounds: hostile.values,
        target: { atMost: 50 },
      },
    ];
  },
};

const times = (name: string, loads: readonly Load[], target: Target): Figure => ({
  name,
  unit: 'ms',
  rounds: loads.map(({ latencies }) => median(latencies)),
  target,
});

const rates = (name: string, loads: readonly Load[], target: Target): Figure => ({
  name,
  unit: 'calls/s',
  rounds: loads.map(({ perSecond }) => perSecond),
  target,
});

const UNLIMITED = { perMinute: 10_000_000, perHour: 10_000_000 };
const LIMITS: CallLimits = { ...DEFAULT_CALL_LIMITS, calls: UNLIMITED };
const URL = 'https://api.example.com/v1/now';

const MANIFEST = JSON.stringify({
  http: {
    allowlist: [{ host: 'api.example.com', path_prefix: '/v1' }],
    credentials: {
      key: { secret_name: 'key', location: { type: 'bearer' }, host_patterns: ['api.example.com'] },
    },
  },
});

const SCRIPT = `export const description = 'Asks a server for the time.';
export const parameters = { type: 'object' };
export const run = (args, { http }) => http('${URL}').text();
`;

/** Answers at once, from memory. */
const instant: Transport = {
  send: async () => ({
    ok: true,
    value: { status: 200, headers: [], body: new TextEncoder().encode('noon') },
  }),
};

interface Stage extends AsyncDisposable {
  readonly trivial: SandboxedTool;
  readonly javascript: SandboxedTool;
  /** Each of these resolves with its milliseconds. */
  run(tool: SandboxedTool): Promise<number>;
  runWithoutGuest(tool: SandboxedTool): Promise<number>;
  reload(round: number): Promise<number>;
  respawn(): Promise<number>;
  /** The longest time the event loop did not come round. */
  standHostile(): Promise<number>;
}

async function openStage(folder: string): Promise<Stage> {
  const pool = createSlotPool({ minSlots: 2, maxSlots: 2 });
  const builder = createBuilder({ cacheDir: join(folder, 'components') });
  const descriptions = createDescriptionCache(join(folder, 'descriptions'));
  const services = servicesWith(pool);
  const runner = createSandboxRunner(() => services);
  const system = await startSystem(sandbox({ pool, hungAfterMs: 10_000 }));
  runner.connect(system);
  const loading = { builder, pool, descriptions };
  const load = async (name: string, bytes: Uint8Array): Promise<SandboxedTool> => {
    const read = await loadTool(loading, { name, bytes, manifestText: MANIFEST });
    if (!read.ok) throw new Error(read.error.message);
    const asked = requestedItems(read.value.manifest.capabilities).map(({ id }) => id);
    return grant(read.value, new Set(asked));
  };
  const component = await builder.javascript(SCRIPT);
  if (!component.ok) throw new Error(component.error.message);
  const trivialBytes = await buildWatGuest('tool');
  const trivial = await load('trivial', trivialBytes);
  const javascript = await load('javascript', component.value);
  const bare = await bareRunner(trivial);
  const versions = [trivialBytes, component.value];
  return {
    trivial,
    javascript,
    run: (tool) => timeCall(runner, tool),
    runWithoutGuest: (tool) => timeCall(bare, tool),
    reload: (round) => timeReload(folder, loading, versions, round),
    respawn: timeRespawn,
    standHostile: () => longestStall(runner, trivial),
    [Symbol.asyncDispose]: async () => {
      await bare.stop();
      await system.stop();
    },
  };
}

function servicesWith(pool: SlotPool): SandboxServices {
  const limiter = createRateLimiter(systemClock);
  return {
    clock: systemClock,
    pool,
    leaks: createLeakDetector(),
    secrets: standInSecrets(randomBytes),
    transport: instant,
    resolver: async () => ['1.1.1.1'],
    // The real one, with limits that no benchmark reaches.
    rates: { take: (key) => limiter.take(key, UNLIMITED) },
    limits: LIMITS,
    readWorkspace: async () => undefined,
    invokeTool: async () => ({ ok: false, content: 'none' }),
    onDefect: (thrown) => {
      throw thrown;
    },
  };
}

async function timeCall(runner: Pick<SandboxRunner, 'run'>, tool: SandboxedTool): Promise<number> {
  const began = performance.now();
  const outcome = await runner.run({
    tool,
    params: { do: `http ${URL}` },
    context: undefined,
    caller: CALLER,
  });
  if (outcome.end.kind !== 'returned') throw new Error(JSON.stringify(outcome.end));
  return performance.now() - began;
}

const CALLER = testContext();

/** Everything but the guest: a slot that asks for one HTTP request and returns, within this process. */
async function bareRunner(tool: SandboxedTool) {
  const report = { fuelUsed: 0, memoryBytes: 0, logs: [], droppedLogs: 0 };
  const pool: SlotPool = {
    ...createSlotPool({ minSlots: 0 }),
    async run({ host, signal }) {
      await host.call('http-request', ['GET', URL, '{}', undefined, undefined], signal);
      return { kind: 'returned', value: { tag: 'success', val: 'noon' }, ...report };
    },
  };
  const services = servicesWith(pool);
  const runner = createSandboxRunner(() => services);
  const system = await startSystem(sandbox({ pool, hungAfterMs: 10_000 }));
  runner.connect(system);
  return { run: runner.run, stop: () => system.stop(), tool };
}

/** From the moment a tool's file is replaced until its new version has answered. Both versions have been built before. */
async function timeReload(
  folder: string,
  loading: Parameters<typeof loadTool>[0],
  versions: readonly Uint8Array[],
  round: number,
): Promise<number> {
  const tools = createToolFolder(join(folder, `tools-${round}`), { maxBytes: 2 ** 26 });
  const shelf = createShelf({
    ...loading,
    folder: tools,
    grants: createGrantStore(join(folder, 'grants'), systemClock),
    isTaken: () => false,
    onChange: () => {},
  });
  const [first = new Uint8Array(), second = new Uint8Array()] = versions;
  await tools.install('probe', first, MANIFEST);
  await shelf.refresh();
  await tools.install('probe', second, MANIFEST);
  const began = performance.now();
  await shelf.refresh();
  if (shelf.list()[0]?.trouble) throw new Error(JSON.stringify(shelf.list()[0]?.trouble));
  return performance.now() - began;
}

/** From the SIGKILL of a slot's process until the next one takes calls. */
async function timeRespawn(): Promise<number> {
  const slot = startSlot();
  await slot.ready;
  const began = performance.now();
  process.kill(slot.pid, 'SIGKILL');
  await slot.ended;
  const next = startSlot();
  await next.ready;
  const ms = performance.now() - began;
  next.close();
  await next.ended;
  return ms;
}

/** Guests that loop, flood their log, write for ever, recurse and take all memory, several of each at once. */
const HOSTILE = ['loop', 'overflow', 'fill', 'recurse', 'grow', 'trap'];

async function longestStall(runner: Pick<SandboxRunner, 'run'>, tool: SandboxedTool): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const deeds = [...HOSTILE, ...HOSTILE];
  await Promise.all(
    deeds.map((deed) => runner.run({ tool, params: { do: deed }, context: undefined, caller: CALLER })),
  );
  delay.disable();
  return delay.max / 1e6;
}
