import { describe, expect, test } from 'vitest';
import type { ToolDescription } from '../../llm/index.ts';
import { createToolIndex } from './tool-index.ts';

const tool = (name: string, description: string, ...args: readonly string[]): ToolDescription => ({
  name,
  description,
  parameters: {
    type: 'object',
    properties: Object.fromEntries(args.map((arg) => [arg, { type: 'string' }])),
  },
});

const TOOLS = [
  tool('github_create_issue', 'Create an issue in a repository.', 'title'),
  tool('github_list_issues', 'List the issues of a repository.', 'state'),
  tool('gitlabCreateIssue', 'Create an issue in a project.', 'title'),
  tool('slack-post-message', 'Post a message to a channel.', 'channel', 'text'),
  tool('weather_get_forecast', 'The forecast for the next days.', 'place'),
  tool('parcelsTrackShipment', 'Tell where a parcel is.', 'number'),
];

const found = (query: string, limit = 3): readonly string[] =>
  createToolIndex(TOOLS)
    .search(query, limit)
    .map((one) => one.tool.name);

describe('a tool is found', () => {
  test.each([
    ['by the words of its name, in any form', 'creating GitHub issues', 'github_create_issue'],
    ['in names that are written together', 'gitlab issue create', 'gitlabCreateIssue'],
    ['by other words for the same', 'drop a note in slack', 'slack-post-message'],
    ['by what it is about', 'do I need an umbrella', 'weather_get_forecast'],
    ['by its arguments', 'channel text', 'slack-post-message'],
    ['with letters that are missing', 'githb isue creat', 'github_create_issue'],
    ['with letters that changed places', 'wether foercast', 'weather_get_forecast'],
    ['by a word that is cut short', 'shipm', 'parcelsTrackShipment'],
    ['where a question is asked', 'where is my package?', 'parcelsTrackShipment'],
  ])('%s', (_, query, name) => {
    expect(found(query)[0]).toBe(name);
  });
});

test('nothing is found for nothing, and for what nobody does', () => {
  expect(found('')).toEqual([]);
  expect(found('the of and')).toEqual([]);
  expect(found('zzzqqq')).toEqual([]);
});

test('the same query finds the same, whatever was asked for in between, and no more than asked for', () => {
  const index = createToolIndex(TOOLS);
  const first = index.search('issue', 2);
  expect(first).toHaveLength(2);
  index.search('create a github issue in slack', 5);
  expect(index.search('issue', 2)).toEqual(first);
});

test('says how much of a name was asked for', () => {
  const strength = (query: string) => createToolIndex(TOOLS).search(query, 1)[0]?.strength ?? 0;
  expect(strength('create a github issue')).toBeGreaterThanOrEqual(1);
  expect(strength('please tell me how the days go by')).toBeLessThan(0.6);
});

test('of a long query only the beginning is read', () => {
  const padding = 'issue '.repeat(200);
  expect(found(`${padding} slack message`, 9)).not.toContain('slack-post-message');
  expect(found(`slack message ${padding}`, 9)).toContain('slack-post-message');
});

test('one search among 500 tools looks at a few of them: four times the tools cost far less than sixteen times the time', () => {
  const many = (count: number) =>
    createToolIndex(
      Array.from({ length: count }, (_, at) => tool(`service${at}_get_thing${at}`, `Thing ${at} of many.`)),
    );
  const time = (index: ReturnType<typeof createToolIndex>): number => {
    const start = performance.now();
    for (let round = 0; round < 50; round++) index.search('get the thing of service7', 5);
    return performance.now() - start;
  };
  const [few, more] = [many(500), many(2_000)];
  time(few);
  time(more);
  expect(time(more) / time(few)).toBeLessThan(16);
});
