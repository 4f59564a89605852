import type { Command } from 'commander';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

export function configure(command: Command, context: Context, finish: Finish): void {
  command.description('Prints the version of Ironbark and of Node.').action(() => {
    const version = { ironbark: context.version, node: process.versions.node };
    printResult(
      context,
      settingsOf(command, context.terminal),
      version,
      () => `ironbark ${version.ironbark} (node ${version.node})`,
    );
    finish(0);
  });
}
