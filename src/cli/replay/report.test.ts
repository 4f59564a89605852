import { expect, test } from 'vitest';
import { type FileReport, renderFile, renderTotals, summarize } from './report.ts';

const passed: FileReport = {
  file: 'a.json',
  passed: true,
  turns: 1,
  toolCalls: 2,
  ms: 40,
  failures: [],
  warnings: ['turn 1: 1 step left over'],
};
const failed: FileReport = { ...passed, file: 'b.json', passed: false, failures: ['tools_used: x'] };

test('a file that passed is one line', () => {
  expect(renderFile(passed, false)).toBe('PASS  a.json  (1 turn, 2 tool calls, 40 ms)');
});

test('failures stand beneath the file, warnings too where asked for', () => {
  expect(renderFile(failed, false)).toBe('FAIL  b.json  (1 turn, 2 tool calls, 40 ms)\n      tools_used: x');
  expect(renderFile(failed, true)).toMatch(/tools_used: x\n {6}warning: turn 1: 1 step left over$/);
});

test('control characters of a trace do not reach the terminal', () => {
  expect(renderFile({ ...failed, failures: ['\u001b]0;title\u0007'] }, false)).toContain(
    '\ufffd]0;title\ufffd',
  );
});

test('totals add up', () => {
  const summary = summarize([passed, failed], 90);
  expect(summary).toMatchObject({ passed: 1, failed: 1, turns: 2, toolCalls: 4, ms: 90 });
  expect(renderTotals(summary)).toBe('1 passed, 1 failed: 2 turns, 4 tool calls, 0.1 s');
});
