import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgeProgram, ProgramEnd, ProgramSetting, Tell } from './bridge-program.ts';
import { type ChildEnd, startChild } from './child.ts';
import { createClaudeReader } from './claude-messages.ts';
import { linesOf } from './lines.ts';

export interface ClaudeOptions {
  readonly model: string;
  readonly turns: number;
}

/** What it may do without asking, as nobody is there; the container is the border. The reference implementation's. */
const ALLOWED = [
  'Read',
  'Write',
  'Edit',
  'Glob',
  'Grep',
  'NotebookEdit',
  'Bash',
  'Task',
  'WebFetch',
  'WebSearch',
];

const COMMAND = 'claude';

/** Claude Code's command line program: one run of it for each thing that is said, the later ones with `--resume`. */
export function openClaude({ model, turns }: ClaudeOptions, setting: ProgramSetting): BridgeProgram {
  writeSettings(setting.home);
  return {
    name: COMMAND,
    async turn(words, session, tell, signal) {
      const args = [
        ...['--print', '--verbose', '--output-format', 'stream-json'],
        ...['--model', model, '--max-turns', String(turns)],
        ...(session === null ? [] : ['--resume', session]),
      ];
      return run(args, words, setting, tell, signal);
    },
    close: async () => {},
  };
}

/** In its home and not in the job's folder, where a file of that name may be somebody's. */
function writeSettings(home: string): void {
  const folder = join(home, '.claude');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ permissions: { allow: ALLOWED } }, null, 2));
}

async function run(
  args: readonly string[],
  words: string,
  setting: ProgramSetting,
  tell: Tell,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const child = startChild(COMMAND, args, setting);
  const reader = createClaudeReader(tell);
  if (signal.aborted) child.stop();
  signal.addEventListener('abort', child.stop, { once: true });
  // Not as an argument: those have a limit, and what begins with a dash would be an option.
  child.stdin.end(words);
  for await (const line of linesOf(child.stdout)) reader.read(line);
  const ended = await child.ended;
  signal.removeEventListener('abort', child.stop);
  return reader.end ?? { outcome: 'failed', text: withoutResult(ended) };
}

function withoutResult({ kind, code, stderr }: ChildEnd): string {
  if (kind === 'missing') {
    return `There is no program "${COMMAND}" in the image of the container. Build one that has it, and name it in sandbox.image.`;
  }
  const how = kind === 'killed' ? 'was killed' : `ended with ${code}`;
  return `${COMMAND} ${how} without a result${stderr === '' ? '.' : `: ${stderr}`}`;
}
