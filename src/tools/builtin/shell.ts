import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { FileScope } from '../path-safety.ts';
import { isSensitive } from '../sensitive-paths.ts';
import { type Assessment, assessCommand } from '../shell/assess-command.ts';
import { type CommandPlace, onThisMachine } from '../shell/command-place.ts';
import type { CommandOutcome } from '../shell/run-command.ts';
import type { Power, Tool, ToolOutput } from '../tool.ts';

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 600;
/** For ending what does not end when asked, and the rest of the output. */
const ENDING_MS = 5_000;

const ALL_POWERS: readonly Power[] = ['reads-private', 'sends', 'changes', 'runs-code'];
const READING: readonly Power[] = ['reads-private', 'runs-code'];

interface ShellArguments {
  readonly command: string;
  readonly workdir: string;
}

/** Runs commands of bash. What a command would run is read from it beforehand, wherever it runs. */
export function shellTool(files: FileScope, place: CommandPlace = onThisMachine()): Tool {
  const assess = ({ command, workdir }: ShellArguments) => assessCommand(command, files.absolute(workdir));
  return defineTool({
    name: 'shell',
    description: 'Run a bash command, without input. Ends with its exit code.',
    schema: z.object({
      command: z.string().min(1),
      workdir: z.string().default('.').describe('in the files folder'),
      timeout: z.number().default(DEFAULT_SECONDS).describe(`seconds, up to ${MAX_SECONDS}`),
    }),
    aliases: { cmd: 'command', cwd: 'workdir' },
    effect: 'once',
    approval: 'unless-granted',
    approvalOf: (args) => (isClear(assess(args)) ? 'unless-granted' : 'always'),
    powers: ALL_POWERS,
    powersOf: (args) => (assess(args).grade === 'reads' ? READING : ALL_POWERS),
    targets: (args) => assess(args).targets.map((value) => ({ argument: 'command', kind: 'command', value })),
    timeoutMs: MAX_SECONDS * 1000 + ENDING_MS,
    summary: (args) => summary(args, assess(args)),
    refusal: (args) => refusal(args, assess(args), files),
    async run(args, { signal, conversationId }) {
      const refused = await refusal(args, assess(args), files);
      const workdir = await files.resolve(args.workdir);
      if (refused !== undefined) return { ok: false, content: refused };
      if (!workdir.ok) return { ok: false, content: workdir.error };
      const outcome = await place.run({
        command: args.command,
        workdir: workdir.value,
        timeoutMs: seconds(args.timeout) * 1000,
        signal,
        conversationId,
      });
      return rendered(args, outcome);
    },
  });
}

const seconds = (asked: number): number =>
  asked > 0 ? Math.min(Math.max(asked, 1), MAX_SECONDS) : DEFAULT_SECONDS;

const isClear = ({ grade }: Assessment): boolean => grade === 'reads' || grade === 'changes';

function summary({ command, workdir }: ShellArguments, assessment: Assessment): string {
  const place = workdir === '.' || workdir === '' ? '' : ` in ${workdir}`;
  const doubt =
    isClear(assessment) || assessment.why === undefined ? '' : ` Asked each time: ${assessment.why}.`;
  return `Run ${shortened(command, 200)}${place}.${doubt}`;
}

async function refusal(
  { command, workdir }: ShellArguments,
  { grade, why, paths }: Assessment,
  files: FileScope,
): Promise<string | undefined> {
  if (command.includes('\0')) return 'The command was not run: it holds a NUL byte. Leave that out.';
  if (grade === 'blocked')
    return `The command was not run: ${why}. That is never allowed; do not try it in another way.`;
  const secret = paths.find((path) => isSensitive(files.absolute(path)));
  if (secret !== undefined)
    return `The command was not run: ${secret} is off limits, because places like it hold keys or passwords. Ask the user to do it themselves.`;
  const place = await files.resolve(workdir);
  if (!place.ok) return place.error;
  const isFolder = await stat(place.value).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isFolder
    ? undefined
    : `The command was not run: ${workdir} is not a folder. Use list_dir to see what is.`;
}

function rendered({ command }: ShellArguments, { ended, output, durationMs }: CommandOutcome): ToolOutput {
  const took = `${(durationMs / 1000).toFixed(1)} s`;
  const text = output === '' || output.endsWith('\n') ? output : `${output}\n`;
  const ok = ended.kind === 'exited' && ended.code === 0;
  const ending = `[${endingOf(ended)} after ${took}]`;
  return {
    ok,
    // What went wrong stands in the first line, which is what people are shown of a failure.
    content: ok ? `${text}${ending}` : `${ending}\n${text}`,
    origins: [`the output of ${shortened(command, 65)}`],
  };
}

function endingOf(ended: CommandOutcome['ended']): string {
  switch (ended.kind) {
    case 'exited':
      return `exit code ${ended.code}`;
    case 'killed':
      return `ended by ${ended.by}`;
    case 'timed-out':
      return 'timed out and was ended; give it a longer timeout, or less to do;';
    case 'aborted':
      return 'interrupted';
    case 'not-started':
      return `could not be started: ${ended.why};`;
    case 'lost':
      return `lost: ${ended.why};`;
  }
}

/** On one line. */
function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1).toWellFormed()}…` : line;
}
