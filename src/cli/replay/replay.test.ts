import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runReplay, type Summary } from './index.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

interface Run {
  readonly code: number;
  readonly summary: Summary;
}

async function replay(path: string): Promise<Run> {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const code = await runReplay([join(FIXTURES, path)], { json: true, verbose: false, print });
  return { code, summary: JSON.parse(lines.join('\n')) };
}

function reportOf({ summary }: Run, name: string) {
  const report = summary.files.find(({ file }) => file.endsWith(`${name}.json`));
  if (report === undefined) throw new Error(`${name} was not played`);
  return report;
}

/** A folder for temporary files of this run's own, so that what is left behind can be seen. */
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-replay-test-'));
  process.env.TMPDIR = folder;
});

afterAll(async () => {
  delete process.env.TMPDIR;
  await rm(folder, { recursive: true });
});

describe('traces whose expectations hold', () => {
  let run: Run;

  beforeAll(async () => {
    run = await replay('passing');
  }, 120_000);

  test('pass in both forms, with whatever answers to approvals', () => {
    expect(run.summary.files.filter(({ passed }) => !passed)).toEqual([]);
    expect(run).toMatchObject({ code: 0, summary: { passed: 10, failed: 0, turns: 13 } });
  });

  test('leave nothing behind', async () => {
    expect(await readdir(folder)).toEqual([]);
  });

  test('tell what differs from the recording', () => {
    expect(reportOf(run, 'recorded_session').warnings).toEqual([
      '1 of the recorded HTTP exchanges were not asked for',
      'turn 1: memory_read (r1) answered differently than in the recording',
      "turn 2: 1 of the model's steps left over",
      'expects.min_cost is not known and was not checked',
    ]);
  });

  test('tell which approvals were given that the file does not speak of', () => {
    expect(reportOf(run, 'asks_unscripted').warnings).toEqual([
      'needs_approval_probe (p1) asked for approval and was allowed once',
    ]);
  });
});

describe('traces whose expectations do not hold', () => {
  let run: Run;

  beforeAll(async () => {
    run = await replay('failing');
  }, 120_000);

  test('fail one by one, and the others go on', () => {
    expect(run).toMatchObject({ code: 10, summary: { passed: 0, failed: 4 } });
  });

  test('name each expectation that does not hold', () => {
    const { failures } = reportOf(run, 'every_expectation');
    expect(failures.map((failure) => failure.slice(0, failure.indexOf(':')))).toEqual([
      'response_contains',
      'response_not_contains',
      'response_matches',
      'tools_used',
      'tools_not_used',
      'tools_order',
      'all_tools_succeeded',
      'max_tool_calls',
      'min_responses',
      'tool_results_contain',
    ]);
  });

  test('say what became of a tool that does not exist', () => {
    const [failure] = reportOf(run, 'wants_unknown_tool').failures;
    expect(failure).toMatch(/^tools_used: teleport was called but refused: .*teleport/);
  });

  test('say that the model was called more often than recorded', () => {
    expect(reportOf(run, 'too_few_steps').failures[0]).toContain('no step left');
  });

  test('say why a file is no trace', () => {
    expect(reportOf(run, 'not_a_trace').failures[0]).toContain('not a trace');
  });
});

test('for people there is a line a file, what failed beneath it, and the totals', async () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const file = join(FIXTURES, 'failing', 'not_a_trace.json');
  expect(await runReplay([file], { json: false, verbose: true, print })).toBe(10);
  expect(lines[0]).toMatch(
    /^FAIL {2}.*not_a_trace\.json {2}\(0 turns, 0 tool calls, \d+ ms\)\n {6}This is not a trace/,
  );
  expect(lines[1]).toMatch(/^0 passed, 1 failed: 0 turns, 0 tool calls, \d+\.\d s$/);
});

test('a path that does not exist is a usage error', async () => {
  await expect(replay('gone.json')).rejects.toMatchObject({ kind: 'usage', exitCode: 2 });
});
