import type { Command } from 'commander';
import type { ChaosFlags } from '../chaos/index.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../program.ts';
import { settingsOf } from '../settings.ts';

const MORE = `
Against the running assistant this needs gateway.allow_faults, as in: ironbark serve --profile chaos. It sends no
messages; the journals of the conversations that went on meanwhile are checked for gaps and doubles.

With --scripted an assistant is started in a temporary home with a scripted model. Eight conversations talk to it
without pause; afterwards every message must have exactly one reply, no tool may have run more often than its class
allows, and nothing may be left open on disk.

Paths are those of: ironbark tree. In a pattern * is anything within one level, ** any number of levels. The root is
never chosen. No supervisor is given more to restart than its intensity allows, unless --merciless; then it gives up,
as it should. The same seed makes the same choices among the same actors.

Exits with 0 where everything came back and nothing was lost or doubled, else with 10.

Examples:
  ironbark chaos --scripted --faults 500 --rate 20
  ironbark chaos --faults 100 --rate 5 --seed 7 --only 'root/conversations/**' --kinds crash,delay`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Crashes, hangs and delays actors on purpose, and reports what died and how soon it was back.',
    )
    .option('--scripted', 'hurt an assistant started for it, not the running one')
    .option('--faults <number>', 'how many', '100')
    .option('--rate <number>', 'how many a second, on average', '5')
    .option('--seed <number>', 'what the choices are drawn from (default: any)')
    .option('--kinds <list>', 'of: crash, hang, delay', 'crash,hang,delay')
    .option('--only <patterns...>', 'choose among these paths (default: all)')
    .option('--except <patterns...>', 'spare these paths')
    .option('--merciless', 'take no account of what the supervisors can bear')
    .addHelpText('after', MORE)
    .action(async (flags: ChaosFlags) => {
      const { runChaos } = await import('../chaos/index.ts');
      finish(await runChaos(flags, settingsOf(command, context.terminal), context));
    });
}
