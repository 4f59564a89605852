import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { IronbarkError } from '../src/core/errors.ts';
import { type Benchmark, type Line, median, meetsTarget, renderTable } from './harness.ts';
import { RESULTS } from './results.ts';

/**
 * `node bench/run.ts [NAME…] [--check] [--runs N] [--profile] [--data FILE]…`: all benchmarks, or those named. Prints a
 * table of each and writes `bench/results/<name>.json`. With `--check` a missed target ends it with 1. With
 * `--profile` the assistant's CPU profiles are left in `bench/results/profiles`, at the price of slower figures.
 * `--data` gives a benchmark that plays cases other ones.
 */

const BENCHMARKS: { readonly [name: string]: () => Promise<{ readonly benchmark: Benchmark }> } = {
  turn: () => import('./turn.ts'),
  agent: () => import('./agent.ts'),
  start: () => import('./start.ts'),
  prompt: () => import('./prompt.ts'),
  storage: () => import('./storage.ts'),
  runtime: () => import('./runtime.ts'),
  sandbox: () => import('./sandbox.ts'),
  injection: () => import('./injection.ts'),
  leaks: () => import('./leaks.ts'),
  router: () => import('./router.ts'),
  recall: () => import('./recall.ts'),
  'tool-search': () => import('./tool-search.ts'),
  memory: () => import('./memory.ts'),
  gateway: () => import('./gateway.ts'),
  work: () => import('./work.ts'),
  containers: () => import('./containers.ts'),
  heartbeat: () => import('./heartbeat.ts'),
  page: () => import('./page.ts'),
  vectors: () => import('./memory/vectors.ts'),
};

const USAGE = `Usage: npm run bench -- [${Object.keys(BENCHMARKS).join('|')}]… [--check] [--runs N] [--profile] [--data FILE]…`;

interface Request {
  readonly names: readonly string[];
  readonly check: boolean;
  readonly runs: number | undefined;
  readonly profile: boolean;
  readonly data: readonly string[];
}

const OPTIONS = {
  check: { type: 'boolean' },
  runs: { type: 'string' },
  profile: { type: 'boolean' },
  data: { type: 'string', multiple: true },
} as const;

/** Undefined where it cannot be made sense of. */
function readRequest(args: readonly string[]): Request | undefined {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const { check = false, profile = false, data = [] } = values;
    const runs = values.runs === undefined ? undefined : Number(values.runs);
    const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
    const known = names.every((name) => Object.hasOwn(BENCHMARKS, name));
    const sensible = runs === undefined || (Number.isInteger(runs) && runs > 0);
    return known && sensible ? { names, check, runs, profile, data } : undefined;
  } catch {
    return undefined;
  }
}

async function run(name: string, { runs, profile, data }: Request): Promise<readonly Line[]> {
  const load = BENCHMARKS[name];
  if (!load) throw new Error(`no benchmark ${name}`);
  const { benchmark } = await load();
  console.log(`\n${name}: ${benchmark.about}\n`);
  const nodeFlags = profile ? ['--cpu-prof', `--cpu-prof-dir=${join(RESULTS, 'profiles')}`] : [];
  const lines = await benchmark.measure({ rounds: runs ?? benchmark.defaultRounds, nodeFlags, data });
  console.log(renderTable(lines));
  await save(name, lines);
  return lines;
}

/** Mistakes in what was asked for are told without a stack. */
function explain(thrown: unknown): never {
  if (!(thrown instanceof IronbarkError) || thrown.kind !== 'usage') throw thrown;
  console.error(thrown.message);
  process.exit(2);
}

async function save(name: string, lines: readonly Line[]): Promise<void> {
  const figures = lines.map((line) =>
    'skipped' in line ? line : { ...line, median: median(line.rounds), met: meetsTarget(line) },
  );
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
  await mkdir(RESULTS, { recursive: true });
  const result = { name, at: new Date().toISOString(), machine, figures };
  await writeFile(join(RESULTS, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}

const request = readRequest(process.argv.slice(2));
if (!request) {
  console.error(USAGE);
  process.exit(2);
}

let missed = 0;
for (const name of request.names) {
  const lines = await run(name, request).catch(explain);
  missed += lines.filter((line) => !('skipped' in line) && !meetsTarget(line)).length;
}
console.log(missed === 0 ? '\nEvery target was met.' : `\n${missed} targets were missed.`);
// Not left to the event loop: a connection that a server keeps alive would hold the process.
process.exit(request.check && missed > 0 ? 1 : 0);
