import { describe, expect, test } from 'vitest';
import type { TraceExpectations } from '../../llm/index.ts';
import { checkExpectations } from './expectations.ts';
import type { Fate, Observed, ObservedCall } from './observation.ts';

const call = (tool: string, fate: Fate = 'succeeded', content = ''): ObservedCall => ({
  callId: `call_${tool}`,
  tool,
  fate,
  content,
});

const did = (responses: readonly string[], ...calls: readonly ObservedCall[]): Observed => ({
  responses,
  calls,
});

const failures = (expects: TraceExpectations, observed: Observed) =>
  checkExpectations(expects, observed).failures;

describe('what the reply says', () => {
  const observed = did(['The launch is on\nMarch 15th.', 'Äpfel kosten 3 €.']);

  test('response_contains disregards case and looks at all replies', () => {
    expect(failures({ response_contains: ['MARCH 15TH', 'äPFEL'] }, observed)).toEqual([]);
  });

  test('response_contains names each text that is missing, and the reply', () => {
    expect(failures({ response_contains: ['march', 'April'] }, did(['It is in March.']))).toEqual([
      'response_contains: "April" is not in the reply "It is in March."',
    ]);
  });

  test('response_contains says when there was no reply at all', () => {
    expect(failures({ response_contains: ['x'] }, did([]))).toEqual([
      'response_contains: "x" is not in the reply: there was none',
    ]);
  });

  test('response_not_contains disregards case too', () => {
    expect(failures({ response_not_contains: ['april'] }, observed)).toEqual([]);
    expect(failures({ response_not_contains: ['LAUNCH'] }, observed)).toHaveLength(1);
  });

  test('response_matches takes Rust spelling', () => {
    expect(failures({ response_matches: '(?i)(LAUNCH|start)' }, observed)).toEqual([]);
    expect(failures({ response_matches: 'LAUNCH' }, observed)).toHaveLength(1);
  });

  test('response_matches with an unusable pattern fails and says why', () => {
    expect(failures({ response_matches: '(' }, observed)[0]).toContain('cannot be used');
  });

  test('min_responses counts replies', () => {
    expect(failures({ min_responses: 2 }, observed)).toEqual([]);
    expect(failures({ min_responses: 3 }, observed)).toEqual(['min_responses: at least 3 expected, got 2']);
  });

  test('long replies are quoted in part', () => {
    const [failure = ''] = failures({ response_contains: ['x'] }, did(['a'.repeat(10_000)]));
    expect(failure.length).toBeLessThan(300);
  });
});

describe('which tools were used', () => {
  test('a tool that ran was used, whether it succeeded or not', () => {
    const observed = did([], call('echo'), call('read_file', 'failed', 'path is missing'));
    expect(failures({ tools_used: ['echo', 'read_file'] }, observed)).toEqual([]);
  });

  test('a tool that was refused or denied was not used, and the failure says what happened', () => {
    const observed = did(
      [],
      call('teleport', 'refused', 'There is no tool "teleport".'),
      call('probe', 'denied'),
    );
    expect(failures({ tools_used: ['teleport', 'probe', 'echo'] }, observed)).toEqual([
      'tools_used: teleport was called but refused: "There is no tool \\"teleport\\"."',
      'tools_used: probe was called but denied: ""',
      'tools_used: echo was not called; called: teleport, probe',
    ]);
    expect(failures({ tools_not_used: ['teleport', 'probe'] }, observed)).toEqual([]);
  });

  test('tools_not_used names a tool that ran', () => {
    expect(failures({ tools_not_used: ['time', 'echo'] }, did([], call('echo')))).toEqual([
      'tools_not_used: echo ran',
    ]);
  });

  test('tools_order holds where the order is part of the order in which tools ran', () => {
    const observed = did([], call('write'), call('echo'), call('read'), call('echo'));
    expect(failures({ tools_order: ['write', 'read'] }, observed)).toEqual([]);
    expect(failures({ tools_order: ['echo', 'echo'] }, observed)).toEqual([]);
    expect(failures({ tools_order: ['read', 'write'] }, observed)).toEqual([
      'tools_order: expected read, write, ran write, echo, read, echo',
    ]);
  });

  test('max_tool_calls counts every call but those the user denied', () => {
    const observed = did([], call('echo'), call('teleport', 'refused'), call('probe', 'denied'));
    expect(failures({ max_tool_calls: 2 }, observed)).toEqual([]);
    expect(failures({ max_tool_calls: 1 }, observed)).toHaveLength(1);
    expect(failures({ max_tool_calls: 0 }, did(['hello']))).toEqual([]);
  });
});

describe('how tools ended', () => {
  test('all_tools_succeeded: true fails for each call that failed or was refused', () => {
    const observed = did(
      [],
      call('echo'),
      call('read', 'failed', 'no such file'),
      call('x', 'refused', 'no'),
    );
    expect(failures({ all_tools_succeeded: true }, observed)).toEqual([
      'all_tools_succeeded: read failed: "no such file"',
      'all_tools_succeeded: x refused: "no"',
    ]);
  });

  test('all_tools_succeeded: true holds where none was called, or where the user said no', () => {
    expect(failures({ all_tools_succeeded: true }, did(['hello']))).toEqual([]);
    expect(failures({ all_tools_succeeded: true }, did([], call('probe', 'denied')))).toEqual([]);
  });

  test('all_tools_succeeded: false wants at least one failure', () => {
    expect(failures({ all_tools_succeeded: false }, did([], call('write', 'failed')))).toEqual([]);
    expect(failures({ all_tools_succeeded: false }, did([], call('write')))).toHaveLength(1);
  });

  test('tool_results_contain looks at every result of the tool, disregarding case', () => {
    const observed = did([], call('read', 'succeeded', 'nothing'), call('read', 'succeeded', 'Spot Check'));
    expect(failures({ tool_results_contain: { read: 'spot check' } }, observed)).toEqual([]);
    expect(failures({ tool_results_contain: { read: 'gone' } }, observed)).toEqual([
      'tool_results_contain: "gone" is in no result of read: "nothing", "Spot Check"',
    ]);
    expect(failures({ tool_results_contain: { time: '12' } }, observed)).toHaveLength(1);
  });
});

describe('the expectations themselves', () => {
  test('none, or null ones, hold', () => {
    for (const expects of [{}, { response_matches: null, max_tool_calls: null, min_responses: null }]) {
      expect(checkExpectations(expects, did([]))).toEqual({ failures: [], warnings: [] });
    }
  });

  test('an unknown one is a warning that names it', () => {
    expect(checkExpectations({ max_cost: 3, min_responses: 0 }, did([]))).toEqual({
      failures: [],
      warnings: ['expects.max_cost is not known and was not checked'],
    });
  });
});
