import type { Command } from 'commander';
import { IronbarkError } from '../../core/errors.ts';
import { ORCHESTRATOR_SOCKET, TOKEN_VARIABLE } from '../../core/orchestrator.ts';
import type { Context } from '../context.ts';
import type { BridgeOptions } from './run-bridge.ts';

interface Flags {
  readonly jobId: string;
  readonly orchestrator: string;
  readonly state: string;
  readonly workspace: string;
}

/** What every bridge is told on its command line. */
export const withBridgeOptions = (command: Command): Command =>
  command
    .requiredOption('--job-id <id>', 'the job')
    .option('--orchestrator <path>', 'the socket on which the assistant listens', ORCHESTRATOR_SOCKET)
    .option('--state <folder>', 'where it keeps what has to outlive the container', '/state')
    .option('--workspace <folder>', 'the files that are worked on', '/workspace');

/** Runs a bridge until its job has ended or the process is asked to stop. */
export async function runBridgeCommand(
  command: Command,
  context: Context,
  open: BridgeOptions['open'],
): Promise<number> {
  const { jobId, orchestrator, state, workspace } = command.opts<Flags>();
  const { env } = context.terminal;
  const token = env[TOKEN_VARIABLE];
  if (!token) {
    throw new IronbarkError('usage', `${TOKEN_VARIABLE} is not set.`, 'Jobs are started with: ironbark jobs');
  }
  const { runBridge } = await import('./run-bridge.ts');
  const over = new AbortController();
  const unwatch = context.onStopSignal(() => over.abort());
  try {
    return await runBridge(
      { jobId, token, socketPath: orchestrator, state, workspace, env, open },
      over.signal,
    );
  } finally {
    unwatch();
  }
}
