import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AcpOptions, openAcp } from './acp.ts';
import { runBridge } from './run-bridge.ts';
import { type Played, playOrchestrator } from './testing/played-orchestrator.ts';

const AGENT: AcpOptions = {
  name: 'played',
  command: process.execPath,
  args: [join(import.meta.dirname, 'testing/acp-agent.mjs')],
  env: { AGENT_MODE: 'quiet' },
};

const bridge = (
  { options }: Played,
  agent: Partial<AcpOptions> = {},
  over = new AbortController().signal,
): Promise<number> =>
  runBridge({ ...options, open: (setting) => openAcp({ ...AGENT, ...agent }, setting) }, over);

const notesOf = ({ options }: Played): readonly object[] =>
  readFileSync(join(options.state, 'home/agent.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): object => JSON.parse(line));

describe('a job that a program of the Agent Client Protocol works on', () => {
  test('is told to it, and what it does is told outside', async () => {
    const played = await playOrchestrator({ mode: 'acp' }, [{ variable: 'SOME_KEY', value: 'the key' }]);
    expect(await bridge(played)).toBe(0);
    const words = 'Tidy up\n\nPut the files in order.';
    expect(notesOf(played)).toMatchObject([
      { cwd: played.options.workspace, env: { AGENT_MODE: 'quiet', SOME_KEY: 'the key' } },
      { new: played.options.workspace },
      { prompt: words },
      { outcome: { outcome: 'selected', optionId: 'yes' } },
    ]);
    expect(played.events.map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [1, 'status', { message: 'played is at work.' }],
      [2, 'reasoning', { narrative: 'Let me see.' }],
      [3, 'status', { message: 'in_progress: Look' }],
      [4, 'tool_use', { tool_name: 'List files', input: { path: '.' } }],
      [5, 'tool_result', { tool_name: 'List files', output: 'a.txt', ok: true }],
      [6, 'message', { role: 'assistant', content: `did: ${words}` }],
      [7, 'result', { status: 'answered', content: `did: ${words}` }],
    ]);
    expect(played.statuses).toMatchObject([{ session: 'acp-1' }]);
    expect(played.ends).toEqual([
      { outcome: 'answered', text: `did: ${words}`, origins: ['the program played'] },
    ]);
  });

  test('goes on in the same session of the same program with what is said to it meanwhile', async () => {
    const played = await playOrchestrator({ mode: 'acp' });
    played.say('And the pictures.', true);
    expect(await bridge(played)).toBe(0);
    expect(notesOf(played).filter((note) => 'env' in note || 'new' in note)).toHaveLength(2);
    expect(played.ends).toMatchObject([{ outcome: 'answered', text: 'did: And the pictures.' }]);
  });

  test('goes on with what it did in an earlier container, which is not told again', async () => {
    const played = await playOrchestrator({ mode: 'acp', session: 'acp-0', lastEvent: 9, attempt: 2 });
    expect(await bridge(played)).toBe(0);
    expect(notesOf(played)).toMatchObject(
      [{}, { load: 'acp-0' }, { prompt: /^You were interrupted/ }, {}].map((note) =>
        'prompt' in note ? { prompt: expect.stringMatching(note.prompt) } : note,
      ),
    );
    expect(played.events[0]).toMatchObject({ seq: 10 });
    expect(JSON.stringify(played.events)).not.toContain('said long ago');
  });

  test('that comes to a limit of its own says so', async () => {
    const played = await playOrchestrator({ mode: 'acp', description: 'limit' });
    await bridge(played);
    expect(played.ends).toMatchObject([{ outcome: 'limited' }]);
  });

  test('fails where the program dies', async () => {
    const played = await playOrchestrator({ mode: 'acp', description: 'crash' });
    expect(await bridge(played)).toBe(0);
    expect(played.ends).toMatchObject([{ outcome: 'failed', text: 'played ended with 3.' }]);
  });

  test('fails where it takes too long', async () => {
    const played = await playOrchestrator({ mode: 'acp', description: 'hang' });
    expect(await bridge(played, { limitMs: 1_500 })).toBe(0);
    expect(played.ends).toMatchObject([{ outcome: 'failed', text: 'played took longer than it may.' }]);
  });

  test('fails where there is no such program, or it speaks something else, and says so', async () => {
    const missing = await playOrchestrator({ mode: 'acp' });
    await bridge(missing, { command: 'no-such-program' });
    expect(missing.ends).toMatchObject([
      { outcome: 'failed', text: expect.stringMatching(/^There is no program "no-such-program"/) },
    ]);
    const foreign = await playOrchestrator({ mode: 'acp' });
    await bridge(foreign, { args: ['-e', 'console.log("hello"); process.exit(0)'] });
    expect(foreign.ends).toMatchObject([{ outcome: 'failed', text: 'played ended with 0.' }]);
  });

  test('ends with all that it started where its container is stopped', async () => {
    const played = await playOrchestrator({ mode: 'acp', description: 'hang' });
    const over = new AbortController();
    const stopped = bridge(played, {}, over.signal);
    await expect.poll(() => played.events.length, { timeout: 5_000 }).toBe(5);
    over.abort();
    expect(await stopped).toBe(1);
    expect(played.ends).toEqual([]);
  });
});
