import { expect, test } from 'vitest';
import { durationText, jobEventLine } from './job-text.ts';
import { readJobEvent } from './read-job-event.ts';
import type { JobEvent } from './work.ts';

test.each<readonly [JobEvent['type'], JobEvent['data'], string]>([
  ['message', { role: 'user', text: 'Do\n it.' }, 'user: Do it.'],
  ['message', { content: 'Done.' }, 'assistant: Done.'],
  ['reasoning', { narrative: 'Which file?' }, 'thinks: Which file?'],
  ['tool_use', { tool: 'shell', arguments: { command: 'ls' } }, 'calls shell {"command":"ls"}'],
  ['tool_use', { tool_name: 'shell', input: 'ls' }, 'calls shell "ls"'],
  ['tool_result', { tool: 'shell', outcome: 'failed', content: 'no' }, 'failed: shell: no'],
  ['tool_result', { tool_name: 'shell', output: 'a', ok: true }, 'got from shell: a'],
  ['status', { status: 'asks', tool: 'shell', reason: 'Runs ls' }, 'asks: shell: Runs ls'],
  ['status', { odd: 1 }, '{"odd":1}'],
  ['result', { finish: 'answered', text: 'All.' }, 'result (answered): All.'],
])('an event %s of %j reads "%s"', (type, data, line) => {
  expect(jobEventLine({ type, data }, 100)).toBe(line);
});

test('whoever tells of it, the fields are the same', () => {
  const ours = readJobEvent({ type: 'tool_use', data: { tool: 'a', arguments: { b: 1 } } });
  const theirs = readJobEvent({ type: 'tool_use', data: { tool_name: 'a', input: { b: 1 } } });
  expect(ours).toEqual(theirs);
});

test('a line is cut, and a time is told in its largest units', () => {
  expect(jobEventLine({ type: 'message', data: { text: 'x'.repeat(50) } }, 12)).toBe('assistant: x…');
  expect([0, 59_400, 61_000, 3_600_000, 7_500_000].map(durationText)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '1 h',
    '2 h 5 min',
  ]);
});
