import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/index.ts';
import type { Assistant } from '../core/assistant.ts';
import type { JournalEntry, ToolCall } from '../core/journal.ts';
import { hasEnded } from '../core/work.ts';
import { FREE_AND_WIDE, type Model, type ModelRequest } from '../llm/index.ts';
import { openHome } from '../storage/index.ts';
import { temporaryFolder } from '../storage/testing/temporary-folder.ts';
import { startIronbark } from './start.ts';

/** A whole assistant with a real tool that traps, and a job that repairs it; only the model is played. */

const tool = (body: string): string => `
export const description = 'Tells how it is.';
export const parameters = { type: 'object' };
export function run() { ${body} }
`;

/** What the model does next in a turn: so many results of tools it has seen. */
type Play = (results: readonly string[]) => ToolCall | string;

const call = (tool: string, args: ToolCall['arguments'], id: number): ToolCall => ({
  callId: `${tool}-${id}`,
  tool,
  arguments: args,
});

const printIn = (text = ''): string => /with print ([0-9a-f]{32})/.exec(text)?.[1] ?? 'none';

/** Looks, then installs what it saw. */
const install =
  (path: string, before: readonly ToolCall[] = []): Play =>
  (results) => {
    const at = results.length;
    const first = before[at];
    if (first) return first;
    if (at === before.length) return call('tool_install', { path }, at);
    if (at === before.length + 1) return call('tool_install', { path, print: printIn(results.at(-1)) }, at);
    return 'installed';
  };

function playedModel(plays: ReadonlyMap<string, Play>): Model {
  return {
    ...FREE_AND_WIDE,
    name: 'played',
    async complete({ messages }: ModelRequest) {
      const from = messages.findLastIndex(({ role }) => role === 'user');
      const said = messages[from];
      const text = said?.role === 'user' ? said.text : '';
      const results = messages.slice(from).flatMap((one) => (one.role === 'tool' ? [one.content] : []));
      const play = [...plays].find(([word]) => text.includes(word))?.[1];
      const next = play?.(results) ?? 'hello';
      const usage = { inputTokens: 1, outputTokens: 1 };
      return typeof next === 'string'
        ? { ok: true, value: { text: next, toolCalls: [], usage, model: 'played' } }
        : { ok: true, value: { text: '', toolCalls: [next], usage, model: 'played' } };
    },
  };
}

/** Says yes to whatever is asked, in whichever conversation, and notes it. */
function sayYes(assistant: Assistant, asked: string[]): () => void {
  const answered = new Set<string>();
  return assistant.watchAll((conversationId, event) => {
    if (event.type !== 'entry' || event.entry.type !== 'approval.requested') return;
    const { approvalId, tool, reason } = event.entry;
    if (answered.has(approvalId)) return;
    answered.add(approvalId);
    asked.push(`${conversationId.startsWith('job-') ? 'job' : conversationId}: ${tool}: ${reason}`);
    const input = { type: 'approval', approvalId, decision: 'once', reason: null } as const;
    void assistant.accept({ channel: 'web', externalId: `yes-${approvalId}`, conversationId, input });
  });
}

test('a tool that traps is noticed, repaired by a job that asks before it installs, and told to work again', {
  timeout: 240_000,
}, async () => {
  const home = openHome(temporaryFolder());
  const files = join(home.path, 'files');
  const path = join(files, 'probe', 'tool.js');
  await mkdir(join(files, 'probe'), { recursive: true });
  await writeFile(path, tool('for (;;) {}'));
  const fixed = tool("return 'all is well';");
  const plays = new Map<string, Play>([
    [
      'The tool "probe" from outside is broken',
      install('probe', [call('read_file', { path }, 0), call('write_file', { path, content: fixed }, 1)]),
    ],
    ['install it', install('probe')],
    ['call it', (results) => (results.length === 0 ? call('probe', {}, 0) : 'called')],
  ]);
  const running = await startIronbark({
    config: loadConfig({ home: home.path, env: { IRONBARK_SECRETS_KEYCHAIN: 'false' }, overrides: [] }),
    home,
    version: 'test',
    log: pino({ level: 'silent' }),
    env: {},
    model: playedModel(plays),
    gateway: false,
  });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => running.stop());
  const { assistant } = running;
  const asked: string[] = [];
  stack.defer(sayYes(assistant, asked));

  const seen: JournalEntry[] = [];
  let said = 0;
  async function say(text: string): Promise<void> {
    const replied = nextEntry(assistant, seen, 'turn.replied');
    const input = { type: 'message', text, mode: 'queue' } as const;
    await assistant.accept({ channel: 'web', externalId: `said-${++said}`, conversationId: 'talk', input });
    await replied;
  }
  /** Calls the tool until it is there, and then so often. */
  async function callIt(times: number): Promise<string> {
    let content = '';
    for (let done = 0; done < times; ) {
      await say('call it');
      const completed = seen.findLast((entry) => entry.type === 'tool.completed');
      const refused = seen.findLast((entry) => entry.type === 'tool.refused');
      if (!completed || (refused && refused.seq > completed.seq)) continue;
      content = completed.content;
      if (!content.includes('There is no tool')) done += 1;
    }
    return content;
  }

  await say('install it');
  expect(asked).toHaveLength(1);
  expect(await callIt(5)).toMatch(/trap-fuel.*\n\[The tool probe is broken/s);
  expect((await assistant.upkeep.notifications(5))[0]).toMatchObject({ kind: 'repair.asks' });
  expect(await assistant.upkeep.tools()).toMatchObject([{ tool: 'probe', failures: 5, broken: true }]);

  const done = jobEnd(assistant);
  await say('/repair probe');
  expect(['completed', 'submitted']).toContain(await done);
  const ofJob = asked.slice(1);
  expect(ofJob.filter((one) => one.startsWith('job: tool_install: '))).toHaveLength(1);
  while ((await callIt(1)) !== 'all is well');
  expect((await assistant.upkeep.notifications(5)).map(({ kind }) => kind)).toContain('repair.done');
  expect(await assistant.upkeep.tools()).toMatchObject([
    { failures: 0, broken: false, lastResult: 'It works again.' },
  ]);
});

function nextEntry(assistant: Assistant, seen: JournalEntry[], type: JournalEntry['type']): Promise<void> {
  return new Promise((resolve) => {
    const stop = assistant.watch('talk', (event) => {
      if (event.type !== 'entry') return;
      seen.push(event.entry);
      if (event.entry.type !== type) return;
      stop();
      resolve();
    });
  });
}

function jobEnd(assistant: Assistant): Promise<string> {
  return new Promise((resolve) => {
    const stop = assistant.watchWork((event) => {
      if (event.type !== 'job' || !hasEnded(event.job.state)) return;
      stop();
      resolve(event.job.state);
    });
  });
}
