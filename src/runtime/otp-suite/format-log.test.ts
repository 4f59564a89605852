/** OTP's supervisor_SUITE.erl: reports as text. */
import { describe, expect, test } from 'vitest';
import { formatReport, type RuntimeReport, type SupervisorReport, startInstance } from '../index.ts';
import { quiet } from '../test-doubles.ts';
import { lingerer } from './doubles.ts';
import { end, refOf, started, supervise, workerSpec } from './testing.ts';

const CHILD = [
  'id: child1',
  'mfargs: machine worker',
  'restart_type: permanent',
  'significant: false',
  'shutdown: 1000',
];

/** What is said of a child that is killed. */
async function reportsOfOne(): Promise<readonly RuntimeReport[]> {
  const { sup, reports } = await supervise({ children: [workerSpec('child1')] });
  await end(refOf(sup, 'child1'), 'killed');
  return reports;
}

/** What is said of three instances that had to be killed. */
async function reportsOfMany(): Promise<readonly RuntimeReport[]> {
  const children = [{ id: 'child', logic: lingerer, graceful: true, shutdown: 1 }];
  const { sup, system, clock, reports } = await supervise({ strategy: 'simple_one_for_one', children });
  for (let n = 0; n < 3; n++) started(await startInstance(sup, 1_000));
  const stopped = system.stop();
  await quiet();
  clock.increment(1);
  await stopped;
  return reports;
}

function supervisorReport(reports: readonly RuntimeReport[]): SupervisorReport {
  const found = reports.find((report) => report.type === 'supervisor_report');
  if (!found) throw new Error('no supervisor has reported');
  return found;
}

/** A line each, without what sets it off. */
const linesOf = (text: string): readonly string[] => text.split('\n').map((line) => line.trim());

describe('format_log_1', () => {
  test('format_log_1: a supervisor report names the supervisor, what happened, why, and to whom', async () => {
    const report = supervisorReport(await reportsOfOne());
    expect(linesOf(formatReport(report))).toEqual([
      'SUPERVISOR REPORT',
      'supervisor: root/sup',
      'errorContext: child_terminated',
      'reason: killed',
      'offender:',
      'pid: root/sup/child1#1',
      ...CHILD,
      'child_type: worker',
    ]);
  });

  test('format_log_1: a progress report names what has started', async () => {
    const progress = (await reportsOfOne()).find(({ type }) => type === 'progress_report');
    if (!progress) throw new Error('nothing was said of the start');
    expect(linesOf(formatReport(progress))).toEqual([
      'PROGRESS REPORT',
      'supervisor: root/sup',
      'started:',
      'pid: root/sup/child1#1',
      ...CHILD,
      'child_type: worker',
    ]);
  });

  test('format_log_1: a report of many instances says how many, not which', async () => {
    const text = formatReport(supervisorReport(await reportsOfMany()));
    expect(linesOf(text)).toContain('nb_children: 3');
    expect(text).toContain('errorContext: shutdown_error');
    expect(text).not.toContain('pid:');
  });
});

describe('format_log_2', () => {
  const levels = { one: { two: { three: 'bottom' } } };
  const letter: RuntimeReport = {
    type: 'dead_letter',
    receiver: 'root/sup/child1',
    event: Object.assign({ type: 'x' }, { levels }),
    reason: 'no-receiver',
  };

  test('format_log_2: what lies deeper than the depth is left out', () => {
    expect(formatReport(letter)).toContain('bottom');
    const shallow = formatReport(letter, { depth: 2 });
    expect(shallow).toContain('one');
    expect(shallow).toContain('{...}');
    expect(shallow).not.toContain('two');
  });

  test('format_log_2: on a single line it says the same, shorter', async () => {
    const report = supervisorReport(await reportsOfOne());
    expect(formatReport(report, { singleLine: true })).toBe(
      'Supervisor: root/sup. Context: child_terminated. Reason: killed. Offender: id=child1,pid=root/sup/child1#1.',
    );
    const many = formatReport(supervisorReport(await reportsOfMany()), { singleLine: true });
    expect(many).toContain('nb_children=3');
    expect(many).not.toContain('\n');
  });

  test.each([true, false])(
    'format_log_2: it is never longer than the limit of characters (single line: %s)',
    async (singleLine) => {
      const report = supervisorReport(await reportsOfOne());
      const whole = formatReport(report, { singleLine });
      for (const charsLimit of [0, 1, 20, 60, whole.length - 1]) {
        const text = formatReport(report, { singleLine, charsLimit });
        expect(text.length).toBe(charsLimit);
        expect(whole.startsWith(text.replace(/\.{1,3}$/, ''))).toBe(true);
      }
      expect(formatReport(report, { singleLine, charsLimit: whole.length })).toBe(whole);
    },
  );

  test('format_log_2: depth, single line and limit go together', () => {
    const options = { depth: 2, singleLine: true };
    expect(formatReport(letter, { ...options, charsLimit: 1_000 })).not.toMatch(/bottom|\n/);
    expect(formatReport(letter, { ...options, charsLimit: 30 })).toHaveLength(30);
  });
});
