import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../core/journal.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ConnectionState } from './client.ts';
import { runRepl } from './repl.ts';
import { MemoryClient } from './testing/memory-client.ts';
import { TestTerminal } from './testing/terminal.ts';

const ENTER = '\r';
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const ESCAPE = '\x1b';
const USAGE = { inputTokens: 1, outputTokens: 1 };

let folder: string;
let client: MemoryClient;
let terminal: TestTerminal;
let tell: (state: ConnectionState) => void;
let done: Promise<void>;
let edit: (text: string) => Promise<Result<string, string>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-repl-'));
  client = new MemoryClient();
  terminal = new TestTerminal();
});

afterEach(async () => {
  terminal.input.end();
  await done;
  rmSync(folder, { recursive: true, force: true });
});

async function start(conversationId?: string): Promise<void> {
  done = runRepl({
    input: terminal.input,
    output: terminal.output,
    colour: false,
    connect: async (onState) => {
      tell = onState;
      return client;
    },
    ...(conversationId === undefined ? {} : { conversationId }),
    historyPath: join(folder, 'repl-history'),
    newConversationId: () => 'fresh',
    loginLink: async () => 'http://127.0.0.1/login?code=x',
    resumeCommand: (id) => `ironbark -c ${id}`,
    edit: (text) => edit(text),
    filesFolder: async () => folder,
  });
  await terminal.shows('Ironbark 1.2.3');
  await terminal.shows(/› $|›$/);
}

function began(text: string, inboxId = 'inbox-1', turnId = 't1'): JournalRecord {
  return { type: 'turn.began', turnId, messages: [{ inboxId, text }], route: 'query' };
}

const opening = (turnId: string): JournalRecord => ({
  type: 'command.completed',
  turnId,
  effectId: turnId,
  command: 'resume',
  text: 'Going on with: over there',
  opens: 'c2',
});

function replied(text: string, finish: 'answered' | 'interrupted' | 'failed' = 'answered'): JournalRecord {
  return { type: 'turn.replied', turnId: 't1', outboxId: 'o1', text, finish, usage: USAGE };
}

function asks(
  approvalId: string,
  more: Partial<Extract<JournalRecord, { type: 'approval.requested' }>> = {},
) {
  return {
    type: 'approval.requested',
    turnId: 't1',
    approvalId,
    callId: approvalId,
    tool: 'shell',
    arguments: { command: `rm ${approvalId}` },
    reason: 'it changes files',
    allowAlways: true,
    scope: 'commands in /srv',
    ...more,
  } as const;
}

/** In the terminal's own time zone, to the minute. */
const MOMENT = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;

function decided(approvalId: string): JournalRecord {
  return {
    type: 'approval.decided',
    turnId: 't1',
    approvalId,
    callId: approvalId,
    tool: 'shell',
    decision: 'once',
    reason: null,
  };
}

/** Resolves once this many requests were made. */
async function requested(count: number): Promise<readonly string[]> {
  while (client.requests.length < count) await new Promise(setImmediate);
  return client.requests;
}

describe('a message', () => {
  test('is sent, appears when its turn begins, and the answer flows in above the prompt', async () => {
    await start();
    terminal.type(`hello${ENTER}`);
    expect(await requested(1)).toEqual(['auto fresh: hello']);
    client.record('fresh', began('hello'));
    client.push('fresh', { type: 'delta', effectId: 'e1', offset: 0, text: 'Good ' });
    client.push('fresh', { type: 'delta', effectId: 'e1', offset: 5, text: 'day' });
    await terminal.shows('› hello\nGood day\nthinking');
    client.record('fresh', {
      type: 'model.completed',
      turnId: 't1',
      effectId: 'e1',
      model: 'm',
      text: 'Good day.',
      toolCalls: [],
      usage: USAGE,
    });
    client.record('fresh', replied('Good day.'));
    await terminal.shows(/› hello\nGood day\.\nm · 2 tokens\n›$/);
  });

  test('typed while an answer flows stays in place and is not torn', async () => {
    await start();
    client.record('fresh', began('first'));
    terminal.type('my dra');
    client.push('fresh', { type: 'delta', effectId: 'e1', offset: 0, text: 'word '.repeat(20) });
    terminal.type('ft');
    await terminal.shows(/› my draft$/);
    expect(terminal.screen.match(/word/g)).toHaveLength(20);
  });

  test('entered during a turn waits, and says so', async () => {
    await start();
    client.record('fresh', began('first'));
    terminal.type(`second${ENTER}`);
    await terminal.shows('next: second');
    expect(client.requests).toEqual(['auto fresh: second']);
    client.record('fresh', replied('one'));
    client.record('fresh', began('second', 'inbox-1'));
    await terminal.shows(/one\n› second\nthinking · Esc stops it\n›$/);
  });

  test('beginning with > steers the running turn', async () => {
    await start();
    client.record('fresh', began('first'));
    terminal.type(`> shorter${ENTER}`);
    expect(await requested(1)).toEqual(['steer fresh: shorter']);
  });

  test('of several pasted lines is one message, and never a command', async () => {
    await start();
    terminal.type('\x1b[200~/quit\rplease\x1b[201~');
    terminal.type(ENTER);
    expect(await requested(1)).toEqual(['auto fresh: /quit\nplease']);
  });

  test('goes on below a line that ends with a backslash', async () => {
    await start();
    terminal.type(`one\\${ENTER}two${ENTER}`);
    expect(await requested(1)).toEqual(['auto fresh: one\ntwo']);
  });

  test('that the server refuses is told', async () => {
    await start();
    client.failure = new Error('The disk is full.');
    terminal.type(`hello${ENTER}`);
    await terminal.shows('error: The disk is full.');
  });
});

describe('what others write', () => {
  test('is told apart from what the user wrote', async () => {
    await start();
    const messages = [{ inboxId: 'inbox-1', text: 'hello', origin: 'the routine morning' }];
    client.record('fresh', { type: 'turn.began', turnId: 't1', messages, route: 'query' });
    await terminal.shows('the routine morning › hello');
  });

  test('cannot move the cursor, set colours or the title', async () => {
    await start();
    client.record('fresh', began('x\x1b[2Jy'));
    client.push('fresh', { type: 'delta', effectId: 'e1', offset: 0, text: 'a\x1b]0;ti' });
    client.push('fresh', { type: 'delta', effectId: 'e1', offset: 7, text: 'tle\x07b\x1b[31mc' });
    await terminal.shows('› xy\nabc');
    expect(terminal.raw).not.toContain('title');
  });

  test('a tool call is one line with its outcome, its time and what it was for', async () => {
    await start();
    client.record('fresh', began('x'));
    const call = { turnId: 't1', effectId: 'e1', callId: 'c1', tool: 'http' };
    client.record('fresh', { type: 'tool.requested', ...call, arguments: { url: 'https://a.example' } });
    await terminal.shows('running http');
    client.record('fresh', {
      type: 'tool.completed',
      ...call,
      outcome: 'succeeded',
      content: 'long\ntext',
      durationMs: 1234,
    });
    await terminal.shows('✓ http  1.2 s  url=https://a.example\n');
  });
});

describe('a question', () => {
  test('shows what it is about and is answered with a digit', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    await terminal.shows(
      [
        '? May it run shell?',
        '  command: rm a1',
        '  why: it changes files',
        '  1 once   2 for this conversation   3 deny [what to do instead]   4 always',
        '  2 and 4 cover: commands in /srv',
      ].join('\n'),
    );
    terminal.type(`1${ENTER}`);
    expect(await requested(1)).toEqual(['once a1']);
  });

  test('is denied with a reason', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    terminal.type(`3 use the other folder${ENTER}`);
    expect(await requested(1)).toEqual(['deny a1: use the other folder']);
  });

  test('is allowed for the conversation, or for good', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    terminal.type(`2${ENTER}`);
    terminal.type(`for this conversation${ENTER}`);
    terminal.type(`/conversation${ENTER}`);
    terminal.type(`4${ENTER}`);
    terminal.type(`/always${ENTER}`);
    expect(await requested(5)).toEqual([
      'conversation a1',
      'conversation a1',
      'conversation a1',
      'always a1',
      'always a1',
    ]);
  });

  test('says whose words had a hand in it', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1', { origins: ['weather (api.weather.example)', 'the file notes.txt'] }));
    await terminal.shows('1 once');
    expect(terminal.screen).toContain(
      [
        '? May it run shell?',
        '  ! Words from outside had a hand in this: weather (api.weather.example), the',
        '  ! file notes.txt',
        '  command: rm a1',
      ].join('\n'),
    );
  });

  test('cannot be forged from within an argument, a reason or an origin', async () => {
    await start();
    client.record('fresh', began('x'));
    const forged = `${'x '.repeat(60)}\n  why: you wanted it\n? May it run echo?\n  1 once`;
    const args = { [forged]: 'a', command: forged };
    client.record('fresh', asks('a1', { arguments: args, reason: forged, origins: [forged] }));
    await terminal.shows('2 and 4 cover');
    const own = terminal.screen.split('\n').filter((row) => /^(\? | {2}\w)/.test(row));
    expect(own.map((row) => row.slice(0, 12))).toEqual([
      '? May it run',
      '  command:',
      '  why:',
      '  1 once   2',
      '  2 and 4 co',
    ]);
  });

  test('says when not all of it is shown', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1', { arguments: { a: 'x'.repeat(20_000), b: 'y\n'.repeat(500) } }));
    await terminal.shows('the rest is not shown here');
    await terminal.shows('why: it changes files');
  });

  test('that may not be granted for good refuses always', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1', { allowAlways: false }));
    await terminal.shows('1 once   3 deny');
    for (const digit of ['2', '4']) terminal.type(`${digit}${ENTER}`);
    await terminal.shows(/(must be asked for each time[\s\S]*){2}/);
    expect(client.requests).toEqual([]);
  });

  test('that was open before is asked again after attaching', async () => {
    client.pending = [
      {
        approvalId: 'old',
        conversationId: 'c9',
        tool: 'shell',
        arguments: {},
        reason: 'r',
        allowAlways: true,
        origins: [],
        requestedAt: '2026-01-01T00:00:00Z',
      },
    ];
    await start('c9');
    await terminal.shows('May it run shell?');
    terminal.type(`yes${ENTER}`);
    expect(await requested(1)).toEqual(['once old']);
  });

  test('is not answered by what was typed before it appeared', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    terminal.type('1');
    await terminal.shows(/› 1$/);
    client.record('fresh', decided('a1'));
    client.record('fresh', asks('a2'));
    terminal.type(ENTER);
    await terminal.shows('answer again');
    expect(client.requests).toEqual([]);
    terminal.type(`1${ENTER}`);
    expect(await requested(1)).toEqual(['once a2']);
  });

  test('that was answered elsewhere says so to who answers it again', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    terminal.type('1');
    await terminal.shows(/› 1$/);
    client.record('fresh', decided('a1'));
    terminal.type(ENTER);
    const told = `Already answered at ${MOMENT}: allowed once\\.`;
    await terminal.shows(new RegExp(told));
    terminal.type(`/deny${ENTER}`);
    await terminal.shows(new RegExp(`${told}[\\s\\S]*${told}`));
    expect(client.requests).toEqual([]);
  });

  test('that its turn left behind says so', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    await terminal.shows('1 once');
    client.record('fresh', replied('', 'interrupted'));
    await terminal.shows('(interrupted)');
    terminal.type(`/approve${ENTER}`);
    await terminal.shows(new RegExp(`Withdrawn at ${MOMENT}: the turn ended`));
    expect(client.requests).toEqual([]);
  });

  test('whose answer came too late says why', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    terminal.type(`1${ENTER}`);
    await requested(1);
    client.record('fresh', {
      type: 'input.refused',
      inboxId: 'i',
      reason: 'Already answered: deny, at 14:05.',
    });
    await terminal.shows('Not used: Already answered: deny, at 14:05.');
  });

  test('waits its turn behind the one on the screen', async () => {
    await start();
    client.record('fresh', began('x'));
    client.record('fresh', asks('a1'));
    client.record('fresh', asks('a2'));
    await terminal.shows('waiting for 2 answers');
    expect(terminal.screen).not.toContain('rm a2');
    client.record('fresh', decided('a1'));
    await terminal.shows('rm a2');
  });
});

describe('stopping and leaving', () => {
  test('Escape interrupts the running turn and what was written stays', async () => {
    await start();
    client.record('fresh', began('x'));
    client.push('fresh', { type: 'delta', effectId: 'e1', offset: 0, text: 'half an ans' });
    terminal.type(ESCAPE);
    expect(await requested(1)).toEqual(['interrupt fresh']);
    client.record('fresh', replied('half an ans', 'interrupted'));
    await terminal.shows(/half an ans\n\(interrupted\)\n›$/);
  });

  test('Ctrl+C first clears what is typed, then interrupts, then asks, then leaves', async () => {
    await start();
    client.record('fresh', began('x'));
    terminal.type('draft');
    terminal.type(CTRL_C);
    await terminal.shows(/›$/);
    expect(client.requests).toEqual([]);
    terminal.type(CTRL_C);
    expect(await requested(1)).toEqual(['interrupt fresh']);
    client.record('fresh', replied('', 'interrupted'));
    await terminal.shows('(interrupted)');
    terminal.type(CTRL_C);
    await terminal.shows('Press Ctrl+C again to leave');
    terminal.type(CTRL_C);
    await done;
    expect(terminal.screen).toContain('Come back with: ironbark -c fresh');
  });

  test('a draft of several rows is cleared whole', async () => {
    await start();
    terminal.type(`${'long '.repeat(30)}end`);
    await terminal.shows(/end$/);
    terminal.type(CTRL_C);
    await terminal.shows(/›$/);
    expect(terminal.screen).not.toContain('long');
  });

  test('what happens after leaving is shown no more', async () => {
    await start();
    terminal.type(CTRL_D);
    await done;
    const shown = terminal.screen;
    client.record('fresh', began('x'));
    tell('reconnecting');
    expect(terminal.screen).toBe(shown);
  });

  test('Ctrl+D leaves and says how to come back', async () => {
    await start();
    terminal.type(CTRL_D);
    await done;
    expect(terminal.screen).toContain('Come back with: ironbark -c fresh');
    expect(client.requests).toEqual(['close']);
  });

  test('leaving during a turn says that it goes on', async () => {
    await start();
    client.record('fresh', began('x'));
    terminal.type(`/quit${ENTER}`);
    await done;
    expect(terminal.screen).toContain('What it was doing is kept.');
  });
});

describe('conversations', () => {
  test('the latest is resumed, with the end of what was said', async () => {
    client.record('c1', began('earlier'));
    client.record('c1', replied('the answer'));
    await start();
    await terminal.shows('› earlier\nthe answer');
    terminal.type(`more${ENTER}`);
    expect(await requested(1)).toEqual(['auto c1: more']);
  });

  test('/new begins another and /resume goes back', async () => {
    client.record('c1', began('earlier'));
    client.record('c1', replied('the answer'));
    await start();
    terminal.type(`/new${ENTER}`);
    await terminal.shows('A new conversation.');
    terminal.type(`hi${ENTER}`);
    expect(await requested(1)).toEqual(['auto fresh: hi']);
    terminal.type(`/resume${ENTER}`);
    await terminal.shows(/A new conversation\.[\s\S]*conversation c1/);
    terminal.type(`back${ENTER}`);
    expect(await requested(2)).toContain('auto c1: back');
  });

  test('goes where a command leads if it was typed here', async () => {
    client.record('c2', began('over there'));
    client.record('c2', replied('yes'));
    await start('c1');
    client.record('c1', began('/resume there', 'inbox-of-another', 't0'));
    client.record('c1', opening('t0'));
    terminal.type(`/resume there${ENTER}`);
    expect(await requested(1)).toEqual(['auto c1: /resume there']);
    await terminal.shows('Going on with');
    client.record('c1', began('/resume there', 'inbox-1'));
    client.record('c1', opening('t1'));
    await terminal.shows('› over there\nyes');
    terminal.type(`back${ENTER}`);
    expect(await requested(2)).toContain('auto c2: back');
  });

  test('Tab completes commands and ids', async () => {
    client.record('c1', began('earlier'));
    client.record('c1', replied('ok'));
    await start();
    terminal.type('/res\t');
    await terminal.shows('/resume');
    terminal.type(' c\t');
    await terminal.shows('/resume c1');
  });
});

test('a notice shows who says so, and a message that steers when it will be seen', async () => {
  await start();
  const notice = { noticeId: 'n', outboxId: 'o', text: 'It is done.', from: 'a helper' };
  client.record('fresh', { type: 'notice.posted', ...notice, origins: ['the page x'] });
  await terminal.shows('◆ a helper\nIt is done.\n  from outside: the page x');
  client.record('fresh', began('go'));
  terminal.type(`/queue later${ENTER}faster${ENTER}`);
  expect(await requested(2)).toEqual(['queue fresh: later', 'auto fresh: faster']);
  client.record('fresh', {
    type: 'turn.steered',
    turnId: 't1',
    messages: [{ inboxId: 'inbox-2', text: 'faster' }],
  });
  await terminal.shows('› faster\n  (seen with the next step)');
});

describe('the connection', () => {
  test('its loss and its return are told', async () => {
    await start();
    tell('reconnecting');
    await terminal.shows('Connection lost.');
    await terminal.shows(/reconnecting\n›$/);
    tell('connected');
    await terminal.shows(/Connected again\.\n›$/);
  });

  test('its end ends the terminal', async () => {
    await start();
    tell('closed');
    await done;
    expect(terminal.screen).toContain('Come back with');
  });
});

describe('entered lines', () => {
  test('are kept for the next time, in a file of the owner alone, without secrets', async () => {
    await start();
    terminal.type(`what is new${ENTER}`);
    terminal.type(`my key is sk-abcdefghijklmnopqrstuv${ENTER}`);
    await requested(2);
    const path = join(folder, 'repl-history');
    expect(readFileSync(path, 'utf8')).toBe('what is new\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    terminal.type(CTRL_D);
    await done;
    terminal = new TestTerminal();
    await start();
    terminal.type('\x1b[A');
    await terminal.shows('› what is new');
  });
});

describe('a draft', () => {
  const CTRL_G = '\x07';
  const CTRL_S = '\x13';
  const CTRL_J = '\n';

  test('goes on in a new row with Ctrl+J, and is one message', async () => {
    await start();
    terminal.type(`/help${CTRL_J}two`);
    await terminal.shows(/› \/help\ntwo$/);
    terminal.type(`!${ENTER}`);
    expect(await requested(1)).toEqual(['auto fresh: /help\ntwo!']);
    await terminal.shows(/›$/);
    expect(terminal.screen).not.toContain('two');
  });

  test('is put aside with Ctrl+S, and changes places with another', async () => {
    await start();
    terminal.type(`first${CTRL_S}`);
    await terminal.shows(/draft put aside\n›$/);
    terminal.type(`second${CTRL_S}`);
    await terminal.shows(/draft put aside\n› first$/);
    terminal.type(`${ENTER}${CTRL_S}`);
    expect(await requested(1)).toEqual(['auto fresh: first']);
    await terminal.shows(/› second$/);
    expect(terminal.screen).not.toContain('put aside');
  });

  test('goes to the editor and comes back changed; what happens meanwhile is shown after', async () => {
    await start();
    const opened = Promise.withResolvers<string>();
    const left = Promise.withResolvers<Result<string, string>>();
    edit = (text) => {
      opened.resolve(text);
      return left.promise;
    };
    terminal.type(`my draft${CTRL_G}`);
    expect(await opened.promise).toBe('my draft');
    client.record('fresh', began('elsewhere'));
    expect(terminal.screen).not.toContain('elsewhere');
    left.resolve(ok('my draft\nin two rows'));
    await terminal.shows(/› elsewhere\nthinking · Esc stops it\n› my draft\nin two rows$/);
    terminal.type(ENTER);
    expect(await requested(1)).toEqual(['auto fresh: my draft\nin two rows']);
  });

  test('too long for the screen is kept whole', async () => {
    await start();
    const long = Array.from({ length: 30 }, (_, at) => `row ${at}`).join('\n');
    edit = async () => ok(long);
    terminal.type(CTRL_G);
    await terminal.shows('The draft has 20 more lines above');
    terminal.type(ENTER);
    expect(await requested(1)).toEqual([`auto fresh: ${long}`]);
  });

  test('stays where there is no editor', async () => {
    await start();
    edit = async () => err('There is no such editor.');
    terminal.type(`mine${CTRL_G}`);
    await terminal.shows(/There is no such editor\.\n› mine$/);
  });
});

describe('Tab', () => {
  test('puts the path of a file in place of @ and letters', async () => {
    mkdirSync(join(folder, 'notes'));
    writeFileSync(join(folder, 'notes', 'plan.md'), '');
    writeFileSync(join(folder, 'notes', 'play list.md'), '');
    await start();
    terminal.type('read @pl\t');
    await terminal.shows(/@notes\/plan\.md {2}@notes\/play list\.md\n› read @pl$/);
    terminal.type('an\t');
    await terminal.shows(/› read notes\/plan\.md$/);
    terminal.type(' and @notes/pl\t');
    await terminal.shows(/and @notes\/pla$/);
    terminal.type('y\t');
    await terminal.shows(/and "notes\/play list\.md"$/);
  });

  test('lists what several commands begin with', async () => {
    await start();
    terminal.type('/re\t');
    await terminal.shows(/\/redo {2}\/repair {2}\/resume {2}\/retry\n› \/re$/);
  });
});

test('Ctrl+O shows the latest call in full, then the one before it', async () => {
  await start();
  client.record('fresh', began('go'));
  for (const [callId, content] of [
    ['a', 'older'],
    ['b', `first\n${'long '.repeat(40)}end`],
  ] as const) {
    const call = { turnId: 't1', effectId: callId, callId, tool: 'shell' };
    client.record('fresh', { type: 'tool.requested', ...call, arguments: { command: `run ${callId}` } });
    client.record('fresh', {
      type: 'tool.completed',
      ...call,
      outcome: 'succeeded',
      content,
      durationMs: 1,
    });
  }
  terminal.type('\x0f');
  await terminal.shows(/▾ shell succeeded\n {2}command: run b\n {2}│ first\n/);
  await terminal.shows('long end');
  terminal.type('\x0f');
  await terminal.shows('  │ older');
  terminal.type('\x0f');
  await terminal.shows('No more calls to show.');
});

test('what the conversation has cost stands beside what was read', async () => {
  await start();
  const usage = { inputTokens: 12_000, outputTokens: 345 };
  client.spending = {
    ...client.spending,
    conversations: [
      { conversationId: 'fresh', title: null, spentMicroUsd: 4_200, reservedMicroUsd: 0, lastPaidAt: '' },
    ],
  };
  client.record('fresh', began('go'));
  client.record('fresh', {
    type: 'model.completed',
    turnId: 't1',
    effectId: 'e1',
    model: 'm',
    text: 'Done.',
    toolCalls: [],
    usage,
    costMicroUsd: 4_200,
  });
  client.record('fresh', replied('Done.'));
  await terminal.shows(/m · 12\.3k tokens · \$0\.0042\n›$/);
});

test('Ctrl+R finds the latest line with what is typed, then the one before it', async () => {
  writeFileSync(join(folder, 'repl-history'), 'water the roses\nprune the roses\nfeed the cat\n');
  await start();
  terminal.type('ROSES\x12');
  await terminal.shows(/› prune the roses$/);
  terminal.type('\x12');
  await terminal.shows(/› water the roses$/);
  terminal.type('\x12');
  await terminal.shows(/No earlier line has "ROSES"\.\n› water the roses$/);
  terminal.type(ENTER);
  expect(await requested(1)).toEqual(['auto fresh: water the roses']);
});
