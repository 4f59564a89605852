import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { type FileTrouble, placed } from '../../config/index.ts';
import { systemClock } from '../../core/clock.ts';
import { EXIT_CODES } from '../../core/errors.ts';
import { HOOK_POINTS, type Hook, type HookPoint, type Hooks, type HookVerdict } from '../../hooks/index.ts';
import { type Context, printResult, type Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
Examples:
  ironbark hooks                                    what is set up, in its order
  ironbark hooks test outbound "my card is 1234"    what the rules make of a text; webhooks are not called

The file hooks.toml in the home folder:
  [[hooks]]
  name = "no-cards"
  points = ["inbound", "outbound"]       # ${HOOK_POINTS.join(', ')}
  when = '\\d{4}-\\d{4}-\\d{4}-\\d{4}'         # a pattern in RE2's syntax; also: tool = "mail_*", channel = "web"
  reject = "No card numbers."            # or replace, prepend, append, audit, webhook

An edit counts within a second. While there is a mistake in it, nothing goes on that hooks could stop.`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Shows the hooks that are set up, or what is wrong with them.')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const file = hooksPath(settings);
      const hooks = await (await openHooks(file)).current();
      if (hooks.ok)
        printResult(context, settings, { file, hooks: hooks.value.map(jsonOf) }, () =>
          listText(file, hooks.value),
        );
      else printResult(context, settings, { file, fault: hooks.error }, () => faultText(hooks.error));
      finish(hooks.ok ? 0 : EXIT_CODES['check-failed']);
    });
  const test = addGlobalOptions(command.command('test'));
  test
    .description('Shows what the rules make of a text. Webhooks are not called.')
    .addArgument(new Argument('<point>', 'where in a turn').choices(HOOK_POINTS))
    .argument('<text>', 'what passes through there')
    .action(async (point: HookPoint, text: string) => {
      const settings = settingsOf(test, context.terminal);
      const verdict = await (await openHooks(hooksPath(settings))).run({
        point,
        text,
        conversationId: 'test',
      });
      printResult(context, settings, verdict, () => verdictText(verdict));
      finish(0);
    });
}

/** Without opening the home, which need not exist yet. */
const hooksPath = ({ home }: Settings): string => join(home, 'hooks.toml');

/** The hooks as the assistant would read them; what needs the assistant itself is left out. */
async function openHooks(file: string): Promise<Hooks> {
  const { createHooks } = await import('../../hooks/index.ts');
  return createHooks({
    file,
    clock: systemClock,
    callWebhook: async () => ({ kind: 'as-it-was' }),
    writeAudit: async () => {},
  });
}

const listText = (file: string, hooks: readonly Hook[]): string =>
  hooks.length === 0 ? `No hooks. They would be in ${file}` : hooks.map(hookText).join('\n');

function hookText({ name, points, action, only, onFailure, where }: Hook): string {
  const conditions = [
    only.tool === undefined ? '' : `tool ${only.tool}`,
    only.channel === undefined ? '' : `channel ${only.channel}`,
    only.pattern ? 'a pattern' : '',
  ].filter((part) => part !== '');
  const which = conditions.length === 0 ? '' : `, for ${conditions.join(' and ')}`;
  return `${name}: ${action.kind} at ${[...points].join(', ')}${which}; ${onFailure} when it fails  (${where})`;
}

const jsonOf = ({ name, points, order, action, onFailure, timeoutMs, where }: Hook) => ({
  name,
  points: [...points],
  order,
  does: action.kind,
  onFailure,
  timeoutMs,
  where,
});

function verdictText(verdict: HookVerdict): string {
  return verdict.verdict === 'reject' ? `Rejected: ${verdict.reason}` : verdict.text;
}

function faultText({ file, line, message, hint }: FileTrouble): string {
  return `Nothing goes on that hooks could stop, because of a mistake in them.\n${placed(file, line)}: ${message}.\n${hint}`;
}
