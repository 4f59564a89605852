import { countTokens } from 'gpt-tokenizer';
import type { Environment } from '../actors/environment.ts';
import { openBench } from '../actors/testing/bench.ts';
import { createBeats } from '../actors/upkeep/beat.ts';
import { cleanWhereDue } from '../actors/upkeep/clean.ts';
import { createTelling } from '../actors/upkeep/tell-waiting.ts';
import { agentSettings } from '../src/cli/live-config.ts';
import { loadConfig } from '../src/config/index.ts';
import type { ModelRequest } from '../src/llm/index.ts';
import type { Benchmark, Figure } from './harness.ts';
import { openScratch } from './results.ts';

const DAY_MS = 86_400_000;
/** Looks that the notifier takes in a day, and those of them that are played. */
const LOOKS = DAY_MS / 5_000;
const PLAYED_LOOKS = 500;

/** Three points, as somebody may write them. */
const LIST = `# Look after
- [ ] bills that are due within three days
- [ ] birthdays of the family within a week (Anna 3 May, Tom 17 November)
- [ ] on Fridays: the backup disk has to be plugged in`;

/** What the assistant does by itself on a day on which nobody says anything, at default settings. */
export const benchmark: Benchmark = {
  about: 'a day on which nobody says anything, at default settings: heartbeat, notifications, hygiene',
  defaultRounds: 3,
  async measure({ rounds }) {
    const empty: Day[] = [];
    const listed: Day[] = [];
    for (let round = 0; round < rounds; round += 1) {
      empty.push(await idleDay('# Look after\n<!-- write here -->\n- [ ]'));
      listed.push(await idleDay(LIST));
    }
    return [
      {
        ...figure('nothing to look after: model calls', '', empty, ({ calls }) => calls),
        target: { atMost: 0 },
      },
      {
        ...figure('nothing to look after: commits', '', empty, ({ commits }) => commits),
        target: { atMost: 10 },
      },
      figure('nothing to look after: queries', '', empty, ({ queries }) => queries),
      {
        ...figure('nothing to look after: processor', 's', empty, ({ seconds }) => seconds),
        target: { atMost: 60 },
      },
      figure('three points, nothing happens: model calls', '', listed, ({ calls }) => calls),
      {
        ...figure('three points: tokens (o200k) read', '', listed, ({ tokens }) => tokens),
        target: { atMost: 25_000 },
      },
      figure('three points: tokens of one beat', '', listed, ({ tokens, calls }) => tokens / calls),
    ];
  },
};

interface Day {
  readonly calls: number;
  readonly tokens: number;
  readonly commits: number;
  readonly queries: number;
  /** Of the processor, with the embedded database. */
  readonly seconds: number;
}

async function idleDay(list: string): Promise<Day> {
  await using scratch = openScratch();
  const asked: ModelRequest[] = [];
  await using bench = await openBench({
    script: (request) => {
      asked.push(request);
      return 'HEARTBEAT_OK';
    },
  });
  const statements = bench.memory.writeStatements('HEARTBEAT.md', list, {
    append: false,
    source: { by: 'user' },
  });
  await bench.database.commit(statements);
  const time = { now: Date.parse('2026-11-20T00:00:05Z') };
  const counts = { commits: 0, queries: 0 };
  const settings = agentSettings({ current: loadConfig({ home: scratch.path, env: {}, overrides: [] }) });
  const env: Environment = {
    ...bench.env,
    database: counted(bench.env.database, counts),
    clock: { now: () => time.now },
    settings: { ...settings, timezone: 'UTC' },
  };
  const before = process.cpuUsage();
  await beatThrough(env, time);
  const seconds = secondsSince(before) + (await lookThrough(env));
  const tokens = asked.reduce(
    (sum, { system, messages }) => sum + countTokens(system + JSON.stringify(messages)),
    0,
  );
  return { calls: asked.length, tokens, ...counts, seconds };
}

/** Every half hour a look of the heartbeat and one of hygiene. */
async function beatThrough(env: Environment, time: { now: number }): Promise<void> {
  const { signal } = new AbortController();
  const desk = createBeats(env);
  for (let passed = 0; passed < DAY_MS; passed += 1_800_000) {
    const looked = await desk.look(signal);
    if (looked.kind === 'due') await desk.beat(looked.beat, signal);
    await cleanWhereDue(env, signal);
    time.now += 1_800_000;
  }
}

/** Seconds of the processor that a day of the notifier's looks takes, reckoned from some of them. */
async function lookThrough(env: Environment): Promise<number> {
  const telling = createTelling(env);
  const before = process.cpuUsage();
  for (let look = 0; look < PLAYED_LOOKS; look += 1) await telling.look();
  return (secondsSince(before) * LOOKS) / PLAYED_LOOKS;
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function counted(
  database: Environment['database'],
  counts: { commits: number; queries: number },
): Environment['database'] {
  return {
    ...database,
    commit(statements) {
      counts.commits += 1;
      return database.commit(statements);
    },
    query(sql, params) {
      counts.queries += 1;
      return database.query(sql, params);
    },
  };
}

const figure = (name: string, unit: string, days: readonly Day[], value: (day: Day) => number): Figure => ({
  name,
  unit,
  rounds: days.map(value),
});
