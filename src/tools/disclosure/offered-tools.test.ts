import { describe, expect, test } from 'vitest';
import type { JournalEntry, JournalRecord } from '../../core/journal.ts';
import type { ToolDescription } from '../../llm/index.ts';
import { offeredTools } from '../index.ts';
import { renderTools } from './signature.ts';

const tool = (name: string, description = `Does ${name}.`): ToolDescription => ({
  name,
  description,
  parameters: { type: 'object', properties: {} },
});

const OWN = ['read_file', 'shell', 'time', 'tool_search', 'secret_list', 'image_analyze'].map((name) =>
  tool(name),
);
const guest = (at: number) => tool(`service${at}_fetch_thing`, `Fetches what service ${at} has. `.repeat(5));
const FEW = [...OWN, guest(1)];
const MANY = [
  ...OWN,
  ...Array.from({ length: 200 }, (_, at) => guest(at)),
  tool('github_create_issue', 'Create an issue on GitHub.'),
  tool('slack_post_message', 'Post a message to Slack.'),
];

const journal = (...records: readonly JournalRecord[]): readonly JournalEntry[] =>
  records.map((record, seq) => ({ seq, at: '2026-01-01T00:00:00Z', ...record }));

const began = (turnId: string, text: string, origin?: string): JournalRecord => ({
  type: 'turn.began',
  turnId,
  messages: [{ inboxId: `in-${turnId}`, text, ...(origin && { origin }) }],
  route: 'task',
});
const called = (turnId: string, name: string): JournalRecord => ({
  type: 'model.completed',
  turnId,
  effectId: `model-${turnId}`,
  model: 'm',
  text: '',
  toolCalls: [{ callId: 'call', tool: name, arguments: {} }],
  usage: { inputTokens: 0, outputTokens: 0 },
});
const searched = (turnId: string, ...found: readonly ToolDescription[]): JournalRecord => ({
  type: 'tool.completed',
  turnId,
  effectId: `search-${turnId}`,
  callId: 'call',
  tool: 'tool_search',
  outcome: 'succeeded',
  content: renderTools(found),
  durationMs: 1,
});

const offered = (
  tools: readonly ToolDescription[],
  records: readonly JournalRecord[],
  only?: readonly string[],
) =>
  offeredTools({
    registry: { descriptions: () => tools },
    entries: journal(...records),
    ...(only && { only }),
  }).map(({ name }) => name);

const HI = began('t1', 'hi');
const EVERYDAY = ['read_file', 'shell', 'time', 'tool_search'];

describe('for a bare greeting', () => {
  test('a few tools are offered whole, but for our own rare ones', () => {
    expect(offered(FEW, [HI])).toEqual([...EVERYDAY, 'service1_fetch_thing']);
  });

  test('of many only those of every day', () => {
    expect(offered(MANY, [HI])).toEqual(EVERYDAY);
  });

  test('all, where there is nothing to find the others with', () => {
    const without = MANY.filter(({ name }) => name !== 'tool_search');
    expect(offered(without, [HI])).toHaveLength(without.length);
  });
});

describe('a tool joins', () => {
  test('when the message is about it', () => {
    expect(offered(MANY, [began('t1', 'create a github issue about the login')])).toContain(
      'github_create_issue',
    );
    expect(offered(FEW, [began('t1', 'which secrets are there? list them')])).toContain('secret_list');
  });

  test('when a message that comes during the turn is about it', () => {
    const messages = [{ inboxId: 'in-2', text: 'post a message to slack' }];
    const steered: JournalRecord = { type: 'turn.steered', turnId: 't1', messages };
    expect(offered(MANY, [HI, steered])).toEqual([...EVERYDAY, 'slack_post_message']);
  });

  test('not when a stranger’s message is about it', () => {
    expect(offered(MANY, [began('t1', 'create a github issue', 'mail of Eve')])).toEqual(EVERYDAY);
  });

  test('when it was found, and when it was called', () => {
    expect(offered(MANY, [HI, searched('t1', guest(7), guest(3))])).toEqual([
      ...EVERYDAY,
      'service7_fetch_thing',
      'service3_fetch_thing',
    ]);
    expect(offered(MANY, [HI, called('t1', 'service9_fetch_thing')])).toContain('service9_fetch_thing');
  });

  test('once, and only where it is registered', () => {
    const entries = [
      HI,
      called('t1', 'slack_post_message'),
      searched('t1', tool('slack_post_message'), tool('gone')),
    ];
    expect(offered(MANY, entries)).toEqual([...EVERYDAY, 'slack_post_message']);
  });
});

describe('a tool stays', () => {
  const entries = [
    began('t1', 'create a github issue'),
    called('t1', 'tool_search'),
    searched('t1', guest(5), guest(6)),
    called('t1', 'service5_fetch_thing'),
    called('t1', 'slack_post_message'),
  ];

  test('to the end of the turn: further entries only add to the end of the list', () => {
    for (let length = 1; length < entries.length; length++) {
      const [before, after] = [
        offered(MANY, entries.slice(0, length)),
        offered(MANY, entries.slice(0, length + 1)),
      ];
      expect(after.slice(0, before.length)).toEqual(before);
    }
  });

  test('in later turns where it was found or called, and not where it was only guessed', () => {
    const later = offered(MANY, [...entries, began('t2', 'thanks')]);
    expect(later).toEqual([
      ...EVERYDAY,
      'service5_fetch_thing',
      'service6_fetch_thing',
      'slack_post_message',
    ]);
  });

  test('not when its turn was undone', () => {
    const undone: JournalRecord = { type: 'history.changed', change: 'undo', turnIds: ['t1'] };
    expect(offered(MANY, [...entries, undone, began('t2', 'hi')])).toEqual(EVERYDAY);
  });

  test('as one of the thirty that came up last', () => {
    const all = Array.from({ length: 50 }, (_, at) => guest(at));
    const names = offered(MANY, [HI, searched('t1', ...all), began('t2', 'hi')]);
    expect(names).toHaveLength(EVERYDAY.length + 30);
    expect(names).toContain('service49_fetch_thing');
    expect(names).not.toContain('service19_fetch_thing');
  });
});

describe('an agent', () => {
  test('is offered what it was given, rare or not', () => {
    expect(offered(MANY, [HI], ['secret_list', 'service1_fetch_thing', 'unknown'])).toEqual([
      'secret_list',
      'service1_fetch_thing',
    ]);
  });

  test('with very many of them is offered what everybody is, and never what it was not given', () => {
    const given = MANY.map(({ name }) => name).filter((name) => name !== 'shell');
    const records = [HI, called('t1', 'shell'), searched('t1', guest(3))];
    expect(offered(MANY, records, given)).toEqual([
      'read_file',
      'time',
      'tool_search',
      'service3_fetch_thing',
    ]);
  });
});
