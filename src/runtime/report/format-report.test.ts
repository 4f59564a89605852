import { describe, expect, test } from 'vitest';
import { supervisor } from '../index.ts';
import { probeSpec, stage } from '../test-doubles.ts';
import { formatReport } from './format-report.ts';
import type { CrashReport, Offender, RuntimeReport, SupervisorReport } from './report.ts';

const BOOM = Object.assign(new Error('boom'), { stack: 'Error: boom\n    at somewhere' });

const offender: Offender = {
  path: 'root/a',
  incarnation: 2,
  id: 'a',
  logic: 'machine turn',
  restartType: 'transient',
  significant: false,
  shutdown: 5_000,
  childType: 'worker',
};

const terminated: SupervisorReport = {
  type: 'supervisor_report',
  supervisor: 'root',
  errorContext: 'child_terminated',
  reason: { kind: 'error', error: BOOM },
  offender,
};

const crashed: CrashReport = {
  type: 'crash_report',
  actor: 'root/work/a',
  incarnation: 2,
  initialCall: 'machine turn',
  registeredName: undefined,
  error: BOOM,
  ancestors: ['root/work', 'root'],
  messageQueueLength: 3,
  links: ['root/b'],
  state: 'acting',
};

const letter = (event: { type: string; [field: string]: unknown }): RuntimeReport => ({
  type: 'dead_letter',
  receiver: 'root/a',
  event,
  reason: 'mailbox-full',
});

const nested = letter({ type: 'x', a: { b: { c: { d: 1 } } }, list: [[1]] });

describe('a report on lines', () => {
  test('of a supervisor has the fields of OTP', () => {
    expect(formatReport(terminated)).toBe(`SUPERVISOR REPORT
    supervisor: root
    errorContext: child_terminated
    reason: Error: boom
            at somewhere
    offender:
        pid: root/a#2
        id: a
        mfargs: machine turn
        restart_type: transient
        significant: false
        shutdown: 5000
        child_type: worker`);
  });

  test('about many instances has nb_children in place of the pid', () => {
    const many = formatReport({ ...terminated, offender: { ...offender, nbChildren: 12 } });
    expect(many).toContain('        nb_children: 12\n        id: a\n');
    expect(many).not.toContain('pid');
  });

  test('of progress names what has started', () => {
    const started: RuntimeReport = { type: 'progress_report', supervisor: 'root', started: offender };
    expect(formatReport(started)).toMatch(
      /^PROGRESS REPORT\n {4}supervisor: root\n {4}started:\n {8}pid: root\/a#2\n/,
    );
  });

  test('of a crash has the fields of OTP', () => {
    expect(formatReport(crashed)).toBe(`CRASH REPORT
    crasher:
        initial call: machine turn
        pid: root/work/a#2
        registered_name: []
        error: Error: boom
                at somewhere
        ancestors: [root/work,root]
        message_queue_len: 3
        links: [root/b]
        state: acting`);
  });

  test('of a dead letter shows the letter', () => {
    expect(formatReport(letter({ type: 'hello', n: 1 }))).toBe(`DEAD LETTER REPORT
    receiver: root/a
    reason: mailbox-full
    event: { type: 'hello', n: 1 }`);
  });

  test('of a listener that threw shows the error', () => {
    expect(formatReport({ type: 'listener_error', error: BOOM })).toMatch(
      /^LISTENER ERROR REPORT\n {4}error: Error: boom/,
    );
  });

  test.each([
    [{ kind: 'killed' }, 'killed'],
    [{ kind: 'shutdown' }, 'shutdown'],
    [{ kind: 'shutdown', cause: BOOM }, 'shutdown: Error: boom'],
  ] as const)('writes the reason %o short', (reason, text) => {
    expect(formatReport({ ...terminated, reason })).toContain(`    reason: ${text}\n`);
  });
});

describe('a report on a single line', () => {
  const single = (report: RuntimeReport) => formatReport(report, { singleLine: true });

  test('of a supervisor', () => {
    expect(single(terminated)).toBe(
      'Supervisor: root. Context: child_terminated. Reason: Error: boom. Offender: id=a,pid=root/a#2.',
    );
  });

  test('about many instances', () => {
    expect(single({ ...terminated, offender: { ...offender, nbChildren: 12 } })).toMatch(
      / Offender: id=a,nb_children=12\.$/,
    );
  });

  test('of progress', () => {
    const started: RuntimeReport = { type: 'progress_report', supervisor: 'root', started: offender };
    expect(single(started)).toBe('Supervisor: root. Started: id=a,pid=root/a#2.');
  });

  test('of a crash', () => {
    expect(single(crashed)).toBe(
      'crasher: initial call: machine turn, pid: root/work/a#2, registered_name: [], error: Error: boom, ' +
        'ancestors: [root/work,root], message_queue_len: 3, links: [root/b], state: acting',
    );
  });

  test('has no line break, whatever is in it', () => {
    const error = new Error('first\nsecond');
    const reports: RuntimeReport[] = [
      { type: 'listener_error', error },
      { ...terminated, reason: { kind: 'error', error } },
      letter({
        type: 'x',
        long: 'word '.repeat(99),
        lines: 'a\nb',
        many: Array(200).fill('item'),
        at: new Map([[1, 2]]),
      }),
    ];
    for (const report of reports) expect(single(report)).not.toContain('\n');
  });
});

describe('limits', () => {
  test('everything is shown by default', () => {
    expect(formatReport(nested, { singleLine: true })).toContain(
      'a: { b: { c: { d: 1 } } }, list: [ [ 1 ] ]',
    );
  });

  test('depth cuts off what lies deeper', () => {
    const at = (depth: number) => formatReport(nested, { depth, singleLine: true });
    expect(at(2)).toContain("Event: { type: 'x', a: { b: {...} }, list: [ [...] ] }.");
    expect(at(1)).toContain("Event: { type: 'x', a: {...}, list: [...] }.");
    expect(at(0)).toContain('Event: {...}.');
  });

  test('charsLimit is never exceeded, and used to the last character', () => {
    for (const singleLine of [true, false]) {
      const whole = formatReport(terminated, { singleLine });
      for (let charsLimit = 0; charsLimit < whole.length; charsLimit++) {
        const text = formatReport(terminated, { singleLine, charsLimit });
        expect(text).toHaveLength(charsLimit);
        if (charsLimit >= 3) expect(text).toBe(`${whole.slice(0, charsLimit - 3)}...`);
      }
      expect(formatReport(terminated, { singleLine, charsLimit: whole.length })).toBe(whole);
    }
  });

  test('charsLimit does not cut a character in two', () => {
    const face = formatReport({ ...terminated, supervisor: '😀' }, { singleLine: true, charsLimit: 16 });
    expect(face).toBe('Supervisor: ...');
  });

  test('actors in an event are written as their paths, and rings as such', async () => {
    const { system } = await stage(supervisor({ children: [probeSpec([], 'a')] }));
    const ring: Record<string, unknown> = { ref: system.whereis('a') };
    ring.self = ring;
    expect(formatReport(letter({ type: 'x', ring }), { singleLine: true })).toContain(
      'ring: { ref: <root/a>, self: [Circular] }',
    );
    await system.stop();
  });

  test('a long list is shown in part', () => {
    const list = Array.from({ length: 150 }, (_, n) => n);
    expect(formatReport(letter({ type: 'x', list }), { singleLine: true })).toContain('99, ... 50 more');
  });
});
