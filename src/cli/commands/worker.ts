import type { Command } from 'commander';
import { IronbarkError } from '../../core/errors.ts';
import { ORCHESTRATOR_SOCKET, TOKEN_VARIABLE } from '../../core/orchestrator.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../program.ts';

interface WorkerFlags {
  readonly jobId: string;
  readonly orchestrator: string;
  readonly state: string;
  readonly workspace: string;
}

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Works on one job, inside its container. Started by the assistant, not by people.')
    .requiredOption('--job-id <id>', 'the job')
    .option('--orchestrator <path>', 'the socket on which the assistant listens', ORCHESTRATOR_SOCKET)
    .option('--state <folder>', 'where it keeps what it has done', '/state')
    .option('--workspace <folder>', 'the files that it works on', '/workspace')
    .action(async () => finish(await work(command.opts<WorkerFlags>(), context)));
}

async function work(
  { jobId, orchestrator, state, workspace }: WorkerFlags,
  context: Context,
): Promise<number> {
  const { env } = context.terminal;
  const token = env[TOKEN_VARIABLE];
  if (!token) {
    throw new IronbarkError('usage', `${TOKEN_VARIABLE} is not set.`, 'Jobs are started with: ironbark jobs');
  }
  const { runWorker } = await import('../worker/run-worker.ts');
  const over = new AbortController();
  const unwatch = context.onStopSignal(() => over.abort());
  try {
    return await runWorker(
      { jobId, token, socketPath: orchestrator, state, workspace, env, version: context.version },
      over.signal,
    );
  } finally {
    unwatch();
  }
}
