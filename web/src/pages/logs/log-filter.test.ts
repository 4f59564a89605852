import { expect, test } from 'vitest';
import type { LogLine } from '../../../../src/core/api/logs.ts';
import { asText, filtered, targetsOf } from './log-filter.ts';

const line = (of: Partial<LogLine>): LogLine => ({
  id: 'p:1',
  at: '2030-01-01T00:00:00.000Z',
  level: 'info',
  target: 'gateway',
  message: 'Listening.',
  fields: {},
  ...of,
});

const lines = [
  line({ level: 'debug', target: 'memory', message: 'Indexed 3 passages' }),
  line({ level: 'warn', target: 'llm', message: 'Asked again', fields: { provider: 'OpenAI' } }),
  line({ level: 'error', target: 'llm.anthropic', message: 'Gave up', turn_id: 'T1' }),
];
const all = { level: 'trace', target: '', text: '' } as const;
const found = (filter: Partial<Parameters<typeof filtered>[1]>) =>
  filtered(lines, { ...all, ...filter }).map(({ message }) => message);

test('shows a level and what is graver', () => {
  expect(found({})).toHaveLength(3);
  expect(found({ level: 'warn' })).toEqual(['Asked again', 'Gave up']);
  expect(found({ level: 'fatal' })).toEqual([]);
});

test('finds text in message, target, fields and turn, in any letter case', () => {
  expect(found({ text: ' openai ' })).toEqual(['Asked again']);
  expect(found({ text: 't1' })).toEqual(['Gave up']);
  expect(found({ text: 'MEMORY' })).toEqual(['Indexed 3 passages']);
  expect(found({ target: 'llm' })).toEqual(['Asked again', 'Gave up']);
});

test('lists targets once, and writes a line of JSON each', () => {
  expect(targetsOf([...lines, ...lines, line({ target: '' })])).toEqual(['llm', 'llm.anthropic', 'memory']);
  expect(
    asText(lines)
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one)),
  ).toEqual(lines);
});
