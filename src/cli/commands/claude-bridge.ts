import type { Command } from 'commander';
import { runBridgeCommand, withBridgeOptions } from '../bridges/bridge-command.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../program.ts';

interface Flags {
  readonly model: string;
  readonly turns: string;
}

export function configure(command: Command, context: Context, finish: Finish): void {
  withBridgeOptions(command)
    .description('Lets Claude Code work on one job, inside its container. Started by the assistant.')
    .option('--model <name>', 'the model', 'sonnet')
    .option('--turns <number>', 'turns that it takes at most', '50')
    .action(async () => {
      const { openClaude } = await import('../bridges/claude.ts');
      const { model, turns } = command.opts<Flags>();
      const options = { model, turns: Number(turns) || 50 };
      finish(await runBridgeCommand(command, context, (setting) => openClaude(options, setting)));
    });
}
