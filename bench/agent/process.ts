import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { modelEnvironment, type RunningAssistant } from '../assistant.ts';

export type AgentProcess = Omit<RunningAssistant, 'readyMs'>;

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url));

const announcement = z.object({ url: z.string(), token: z.string() });

/**
 * An assistant in a process of its own that has so many tools beside the built-in ones; they would take hundreds of
 * components to install.
 */
export async function startAgentProcess(options: {
  readonly home: string;
  readonly modelUrl: string;
  readonly tools: number;
  readonly nodeFlags: readonly string[];
}): Promise<AgentProcess> {
  const { PATH = '' } = process.env;
  const child = fork(PROGRAM, [options.home, String(options.tools)], {
    env: { PATH, HOME: options.home, ...modelEnvironment(options.modelUrl) },
    execArgv: [...options.nodeFlags],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message]: unknown[] = await once(child, 'message');
  return {
    ...announcement.parse(message),
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
