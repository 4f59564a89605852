import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openClaude } from './claude.ts';
import { runBridge } from './run-bridge.ts';
import { type Played, playOrchestrator } from './testing/played-orchestrator.ts';

interface Run {
  readonly args: readonly string[];
  readonly words: string;
  readonly env: readonly string[];
  readonly settings: unknown;
  readonly cwd: string;
}

/** A folder of programs in which there is one that plays `claude`. */
function programs(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'testing/claude.mjs'), join(bin, 'claude'));
  chmodSync(join(bin, 'claude'), 0o755);
  return `${bin}:${process.env.PATH}`;
}

const bridge = (
  { options, folder }: Played,
  over = new AbortController().signal,
  path = programs(folder),
): Promise<number> =>
  runBridge(
    {
      ...options,
      env: {
        ...options.env,
        PATH: path,
        IRONBARK_ORCHESTRATOR_TOKEN: 'secret',
        https_proxy: 'http://127.0.0.1:3128',
      },
      open: (setting) => openClaude({ model: 'sonnet', turns: 50 }, setting),
    },
    over,
  );

const runsOf = ({ options }: Played): readonly Run[] =>
  readFileSync(join(options.state, 'home/runs.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): Run => JSON.parse(line));

describe('a job that claude works on', () => {
  test('is told to it, and what it does is told outside', async () => {
    const played = await playOrchestrator({}, [{ variable: 'ANTHROPIC_API_KEY', value: 'the key' }]);
    expect(await bridge(played)).toBe(0);
    const words = 'Tidy up\n\nPut the files in order.';
    expect(runsOf(played)).toMatchObject([
      {
        words,
        cwd: played.options.workspace,
        settings: { permissions: { allow: expect.arrayContaining(['Bash']) } },
      },
    ]);
    const [run] = runsOf(played);
    expect(run?.args.join(' ')).toBe(
      '--print --verbose --output-format stream-json --model sonnet --max-turns 50',
    );
    expect(run?.env).toContain('ANTHROPIC_API_KEY');
    expect(run?.env).toContain('https_proxy');
    expect(run?.env).not.toContain('IRONBARK_ORCHESTRATOR_TOKEN');
    expect(played.events.map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [1, 'status', { message: 'claude is at work.' }],
      [2, 'reasoning', { narrative: 'Hm.' }],
      [3, 'tool_use', { tool_name: 'Bash', input: { command: 'ls' } }],
      [4, 'tool_result', { tool_name: 'Bash', output: 'a.txt', ok: true }],
      [5, 'message', { role: 'assistant', content: `did: ${words}` }],
      [6, 'result', { status: 'answered', content: `done: ${words}` }],
    ]);
    expect(played.statuses).toMatchObject([{ session: 'session-1' }]);
    expect(played.ends).toEqual([
      { outcome: 'answered', text: `done: ${words}`, origins: ['the program claude'] },
    ]);
  });

  test('goes on in the same session with what is said to it meanwhile', async () => {
    const played = await playOrchestrator();
    played.say('And the pictures.');
    played.say('That is all.', true);
    expect(await bridge(played)).toBe(0);
    const runs = runsOf(played);
    expect(runs.map(({ words }) => words)).toEqual([
      'Tidy up\n\nPut the files in order.',
      'And the pictures.',
      'That is all.',
    ]);
    expect(runs[1]?.args.slice(-2)).toEqual(['--resume', 'session-1']);
    expect(played.ends).toMatchObject([{ outcome: 'answered', text: 'done: That is all.' }]);
  });

  test('goes on after its container was started anew, and is not told again what it was told', async () => {
    const played = await playOrchestrator({ description: 'hang' });
    played.say('Said before.');
    const over = new AbortController();
    const stopped = bridge(played, over.signal);
    await expect.poll(() => played.events.length, { timeout: 5_000 }).toBe(4);
    over.abort();
    expect(await stopped).toBe(1);
    expect(played.ends).toEqual([]);
    played.brief = { ...played.brief, lastEvent: 4, session: 'session-1', attempt: 2 };
    expect(await bridge(played)).toBe(0);
    const runs = runsOf(played);
    expect(runs.map(({ words }) => words)).toEqual([
      'Tidy up\n\nhang',
      'You were interrupted. Look at what you have done so far, and go on with the job.',
      'Said before.',
    ]);
    expect(runs[1]?.args.slice(-2)).toEqual(['--resume', 'session-1']);
    expect(played.events[4]).toMatchObject({ seq: 5 });
    played.brief = { ...played.brief, lastEvent: 20, attempt: 3 };
    expect(await bridge(played)).toBe(0);
    expect(runsOf(played).filter(({ words }) => words === 'Said before.')).toHaveLength(1);
  }, 20_000);

  test('that comes to the limit of turns says so', async () => {
    const played = await playOrchestrator({ description: 'limit' });
    await bridge(played);
    expect(played.ends).toMatchObject([{ outcome: 'limited', text: 'It was ended after 50 turns.' }]);
  });

  test('fails with what claude complained of', async () => {
    const played = await playOrchestrator({ description: 'crash' });
    expect(await bridge(played)).toBe(0);
    expect(played.ends).toMatchObject([
      { outcome: 'failed', text: 'claude ended with 1 without a result: Invalid API key' },
    ]);
  });

  test('fails where there is no such program, and says what helps', async () => {
    const played = await playOrchestrator();
    expect(await bridge(played, new AbortController().signal, '/nowhere')).toBe(0);
    expect(played.ends).toMatchObject([
      { outcome: 'failed', text: expect.stringMatching(/^There is no program "claude".*sandbox\.image/) },
    ]);
  });

  test('is given up where nobody speaks for it any more', async () => {
    const played = await playOrchestrator({ description: 'hang' });
    const running = bridge(played);
    await expect.poll(() => played.events.length, { timeout: 5_000 }).toBe(4);
    played.revoke();
    expect(await running).toBe(1);
    expect(played.ends).toEqual([]);
  }, 20_000);
});
