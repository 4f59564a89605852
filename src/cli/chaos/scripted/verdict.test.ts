import { expect, test } from 'vitest';
import type { Inbound } from '../../../core/assistant.ts';
import type { JournalRecord } from '../../../core/journal.ts';
import { scriptedAssistant } from '../../replay/testing/scripted-assistant.ts';
import { createRandom } from '../random.ts';
import { Talk } from './talk.ts';
import { LOOK, ONCE } from './tools.ts';
import { judge } from './verdict.ts';

const USAGE = { inputTokens: 0, outputTokens: 0 };
const turn = { turnId: 't' } as const;
const call = { ...turn, callId: 'call', tool: ONCE, arguments: {} } as const;
const requested = (effectId: string): JournalRecord => ({ type: 'tool.requested', ...call, effectId });
const completed = (effectId: string): JournalRecord => ({
  type: 'tool.completed',
  ...call,
  effectId,
  outcome: 'succeeded',
  content: '',
  durationMs: 1,
});
const replied: JournalRecord = {
  type: 'turn.replied',
  ...turn,
  outboxId: 'o',
  text: '',
  finish: 'answered',
  usage: USAGE,
};

/** A talk of one message, in which the assistant writes these records, and what is judged of it. */
async function judged(records: readonly JournalRecord[], runs: Readonly<Record<string, number>>) {
  const patience = new AbortController();
  const partner = scriptedAssistant(({ input }: Inbound, inboxId) => {
    if (input.type !== 'message') return [];
    const messages = [{ inboxId, text: input.text }];
    return [{ type: 'turn.began', ...turn, messages, route: 'task' }, ...records];
  });
  // With this seed the message is sent once.
  const talk = new Talk({ partner, id: 'talk', random: createRandom(1), patience: patience.signal });
  let asked = 0;
  await talk.goOn(() => asked++ === 0);
  return judge([talk], { tools: [], runs: new Map(Object.entries(runs)) });
}

test('a message with one reply and a tool that ran once are as they should be', async () => {
  const report = await judged([requested('e1'), completed('e1'), replied], { e1: 1 });
  expect(report).toMatchObject({ messages: 1, answered: 1, toolRuns: 1, repeatedRuns: 0, problems: [] });
});

test.each<[string, readonly JournalRecord[], Readonly<Record<string, number>>, string]>([
  ['a second reply', [replied, replied], {}, '"task talk.0" has 2 replies.'],
  [
    'a tool that must not be repeated and was',
    [requested('e1'), completed('e1'), replied],
    { e1: 2 },
    `${ONCE} ran 2 times for effect e1.`,
  ],
  ['a run without a record', [replied], { e1: 1 }, 'Effect e1 ran and is not on record.'],
  [
    'a record without a run',
    [requested('e1'), completed('e1'), replied],
    {},
    'e1 is on record and never ran.',
  ],
  [
    'a call begun again that nobody allowed',
    [requested('e1'), requested('e2'), completed('e2'), replied],
    { e1: 1, e2: 1 },
    'The call call was begun 2 times.',
  ],
])('%s is found', async (_, records, runs, problem) => {
  expect((await judged(records, runs)).problems).toContain(problem);
});

test('a tool that may be repeated is counted, not blamed', async () => {
  const look = (record: JournalRecord): JournalRecord => ({
    ...record,
    ...('tool' in record && { tool: LOOK }),
  });
  const report = await judged([requested('e1'), completed('e1'), replied].map(look), { e1: 2 });
  expect(report).toMatchObject({ toolRuns: 2, repeatedRuns: 1, problems: [] });
});

test('a call that the user allowed again may have been begun twice', async () => {
  const decided: JournalRecord = {
    type: 'approval.decided',
    ...turn,
    approvalId: 'a',
    callId: 'call',
    tool: ONCE,
    decision: 'once',
    reason: null,
  };
  const records = [requested('e1'), decided, requested('e2'), completed('e2'), replied];
  expect((await judged(records, { e1: 1, e2: 1 })).problems).toEqual([]);
});
