import { environmentFrom } from './environment.ts';
import { type CommandOutcome, type CommandRun, findShell, runCommand } from './run-command.ts';

/** A command as the shell tool orders it. `workdir` is a folder of this machine. */
export type CommandOrder = Omit<CommandRun, 'environment'> & { readonly conversationId: string };

/** Where commands are run: on this machine, or in a container. */
export interface CommandPlace {
  run(order: CommandOrder): Promise<CommandOutcome>;
}

/**
 * This machine, as the user of this process, with the little of its environment that commands are handed.
 *
 * @param further variables that commands are handed as well, whatever they hold
 */
export const onThisMachine = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
  further: Readonly<Record<string, string>> = {},
): CommandPlace => ({
  async run(order) {
    const shell = findShell();
    if (shell === undefined)
      return { ended: { kind: 'not-started', why: NO_SHELL }, output: '', durationMs: 0 };
    return runCommand({ ...order, environment: { ...environmentFrom(environment), ...further } }, shell);
  },
});

const NO_SHELL = 'there is no bash on this machine, tell the user to install it';
