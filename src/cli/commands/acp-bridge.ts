import type { Command } from 'commander';
import { runBridgeCommand, withBridgeOptions } from '../bridges/bridge-command.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../program.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  withBridgeOptions(command)
    .description(
      'Lets a program of the Agent Client Protocol work on one job, inside its container. Started by the assistant.',
    )
    .requiredOption('--agents <json>', 'the programs that there are: [{name, command, args, env}]')
    .action(async () => {
      const { chosenAgent } = await import('../bridges/chosen-agent.ts');
      const { openAcp } = await import('../bridges/acp.ts');
      const { agents } = command.opts<{ readonly agents: string }>();
      finish(
        await runBridgeCommand(command, context, (setting, brief) =>
          openAcp(chosenAgent(agents, brief.agentName), setting),
        ),
      );
    });
}
