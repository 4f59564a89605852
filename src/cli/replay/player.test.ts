import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Inbound } from '../../core/assistant.ts';
import { IronbarkError } from '../../core/errors.ts';
import type { Finish, JournalRecord } from '../../core/journal.ts';
import type { Model } from '../../llm/index.ts';
import { type PlayOptions, playFile } from './player.ts';
import { scriptedAssistant } from './testing/scripted-assistant.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-player-'));
});

afterEach(() => rm(folder, { recursive: true }));

const text = (content: string) => ({ response: { type: 'text', content } });
const usage = { inputTokens: 0, outputTokens: 0 };

type Script = (inbound: Inbound, inboxId: string, model: Model) => readonly JournalRecord[];

const began = (turnId: string, inboxId: string): JournalRecord => ({
  type: 'turn.began',
  turnId,
  messages: [{ inboxId, text: '' }],
  route: 'task',
});

const replied = (turnId: string, reply: string, finish: Finish = 'answered'): JournalRecord => ({
  type: 'turn.replied',
  turnId,
  outboxId: `o-${turnId}`,
  text: reply,
  finish,
  usage,
});

const echoing: Script = ({ input }, inboxId) => {
  const said = input.type === 'message' ? input.text : '';
  return [began(inboxId, inboxId), replied(inboxId, `You said ${said}.`)];
};

async function play(name: string, content: unknown, script: Script, options?: Partial<PlayOptions>) {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const accepted: Inbound[] = [];
  const report = await playFile(file, {
    openStage: async ({ model }) => ({
      assistant: scriptedAssistant((inbound, inboxId) => {
        accepted.push(inbound);
        return script(inbound, inboxId, model);
      }),
      [Symbol.asyncDispose]: async () => {},
    }),
    turnLimitMs: 60_000,
    now: () => 0,
    ...options,
  });
  return { ...report, accepted };
}

describe('what the player says', () => {
  test('each turn of the trace is said in the same conversation, and its own expectations are checked', async () => {
    const turn = (said: string, expected: string) => ({
      user_input: said,
      steps: [text('')],
      expects: { response_contains: [expected] },
    });
    const report = await play('a.json', { turns: [turn('one', 'said one'), turn('two', 'one')] }, echoing);
    expect(report.accepted.map(({ input }) => input)).toMatchObject([{ text: 'one' }, { text: 'two' }]);
    expect(new Set(report.accepted.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(report.failures).toEqual(['turn 2: response_contains: "one" is not in the reply "You said two."']);
    expect(report).toMatchObject({ passed: false, turns: 2, toolCalls: 0 });
  });

  test('the older form is said as its hint suggests', async () => {
    const step = { request_hint: { last_user_message_contains: 'capital of France' }, ...text('Paris') };
    const report = await play('a.json', { steps: [step] }, echoing);
    expect(report.accepted[0]?.input).toMatchObject({ type: 'message', text: 'capital of France' });
  });

  test('a reply of another turn does not end this one', async () => {
    const report = await play('a.json', { steps: [text('hi')] }, (_, inboxId) => [
      replied('other', 'not me'),
      began('mine', inboxId),
      replied('mine', 'me'),
    ]);
    expect(report).toMatchObject({ passed: true, turns: 1 });
  });
});

describe('answers to approvals', () => {
  const asking: Script = ({ input }, inboxId) => {
    if (input.type === 'message' && input.text === 'Go') {
      return [
        began('t1', inboxId),
        {
          type: 'approval.requested',
          turnId: 't1',
          approvalId: 'ap1',
          callId: 'call_1',
          tool: 'write_file',
          arguments: {},
          reason: 'It writes.',
          allowAlways: true,
        },
      ];
    }
    return [replied('t1', 'done')];
  };
  const trace = { turns: [{ user_input: 'Go', steps: [] }] };

  test.each([
    ['approval_always.json', { type: 'approval', approvalId: 'ap1', decision: 'always', reason: null }],
    ['approval_no.json', { type: 'approval', approvalId: 'ap1', decision: 'deny', reason: null }],
    ['approval_slash.json', { type: 'message', text: '/approve', mode: 'queue' }],
    ['approval_yes.json', { type: 'message', text: 'yes', mode: 'queue' }],
  ])('%s answers as named', async (name, input) => {
    const report = await play(name, trace, asking);
    expect(report.accepted[1]?.input).toEqual(input);
    expect(report).toMatchObject({ passed: true, warnings: [] });
  });

  test('any other file allows once and says so as a warning', async () => {
    const report = await play('write.json', trace, asking);
    expect(report.accepted[1]?.input).toMatchObject({ decision: 'once' });
    expect(report.warnings).toEqual(['write_file (call_1) asked for approval and was allowed once']);
  });
});

describe('turns that go wrong', () => {
  test('a turn that never replies fails the file and ends it', async () => {
    const trace = {
      turns: [
        { user_input: 'one', steps: [] },
        { user_input: 'two', steps: [] },
      ],
    };
    const report = await play('a.json', trace, () => [], { turnLimitMs: 1 });
    expect(report.failures).toEqual(['turn 1: no reply came within 0.001 s']);
    expect(report.turns).toBe(1);
  });

  test('a message that is refused fails the file with the reason', async () => {
    const report = await play('a.json', { steps: [text('hi')] }, (_, inboxId) => [
      { type: 'input.refused', inboxId, reason: 'too long' },
    ]);
    expect(report.failures).toEqual(['turn 1: the message was refused: too long']);
  });

  test('a turn that ended as failed fails the file, one that was cut short is a warning', async () => {
    const ending = (finish: Finish) =>
      play('a.json', { steps: [], turns: [{ user_input: 'x', steps: [] }] }, (_, id) => [
        began(id, id),
        replied(id, 'Sorry.', finish),
      ]);
    expect((await ending('failed')).failures).toEqual(['turn 1: ended as failed: Sorry.']);
    expect(await ending('limited')).toMatchObject({
      passed: true,
      warnings: ['turn 1: ended as limited: Sorry.'],
    });
  });

  test('more calls of the model than the trace has steps fail the file', async () => {
    const request = { system: '', messages: [], tools: [], signal: new AbortController().signal };
    const report = await play(
      'a.json',
      { turns: [{ user_input: 'x', steps: [] }] },
      (inbound, inboxId, model) => {
        void model.complete(request);
        return echoing(inbound, inboxId, model);
      },
    );
    expect(report.failures[0]).toContain('no step left');
  });

  test('an assistant that does not start fails the file with what to do about it', async () => {
    const openStage = () =>
      Promise.reject(new IronbarkError('storage', 'The disk is full.', 'Free some space.'));
    const report = await play('a.json', { steps: [text('hi')] }, echoing, { openStage });
    expect(report.failures).toEqual(['It could not be played: The disk is full. Free some space.']);
  });
});

describe('files that are no traces', () => {
  test('they fail with the reason', async () => {
    expect((await play('a.json', '{"steps": [', echoing)).failures[0]).toContain('not JSON');
    expect((await play('b.json', { greeting: 'hello' }, echoing)).failures[0]).toContain('not a trace');
    expect(
      (await play('c.json', { steps: [{ response: { type: 'dance' } }] }, echoing)).failures[0],
    ).toContain('steps[0].response');
  });
});

describe('what is worth knowing', () => {
  test('steps left over, recorded results that differ and HTTP exchanges that nobody asked for', async () => {
    const trace = {
      turns: [
        {
          user_input: 'x',
          steps: [
            { ...text('a'), expected_tool_results: [{ tool_call_id: 'call_9', name: 'echo', content: 'b' }] },
          ],
        },
      ],
      http_exchanges: [
        { request: { method: 'GET', url: 'https://a.example/' }, response: { status: 200, body: '' } },
      ],
    };
    expect((await play('a.json', trace, echoing)).warnings).toEqual([
      '1 of the recorded HTTP exchanges were not asked for',
      "turn 1: 1 of the model's steps left over",
      'turn 1: the recording has a result of call_9, this run has none',
    ]);
  });
});
