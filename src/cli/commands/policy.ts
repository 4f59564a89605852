import { join } from 'node:path';
import type { Command } from 'commander';
import { type FileTrouble, placed } from '../../config/index.ts';
import { EXIT_CODES } from '../../core/errors.ts';
import type { Forbidden, Rule, RuleSet } from '../../policy/index.ts';
import { type Context, printResult, type Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const EXAMPLES = `
Examples:
  ironbark policy           what is in force
  ironbark policy path      where to write it

The file, in TOML:
  [tools]
  forbidden = ["shell", "browser_*"]     # for everybody
  [users.owner]
  forbidden = ["http"]
  [[rules]]                              # the first that fits decides
  tool = "write_file"
  path = "/srv/notes/**"                 # or host, recipient, command, document, argument.NAME
  approval = "never"                     # never, unless-granted, always or forbidden
  even_if_influenced = false

It is looked at before each call of a tool. While there is a mistake in it, no tool runs.`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description("Shows the administrator's rules for tools that are in force, or what is wrong with them.")
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const { createRuleFile } = await import('../../policy/index.ts');
      const file = policyPath(settings);
      const rules = await createRuleFile(file).current();
      if (rules.ok)
        printResult(context, settings, jsonOf(file, rules.value), () => rulesText(file, rules.value));
      else printResult(context, settings, { file, fault: rules.error }, () => faultText(rules.error));
      finish(rules.ok ? 0 : EXIT_CODES['check-failed']);
    });
  const path = addGlobalOptions(command.command('path'));
  path.description('Prints where the file is, or would be.').action(() => {
    const settings = settingsOf(path, context.terminal);
    const file = policyPath(settings);
    printResult(context, settings, { file }, () => file);
    finish(0);
  });
}

/** Without opening the home, which need not exist yet. */
const policyPath = ({ home }: Settings): string => join(home, 'policy.toml');

function rulesText(file: string, { forbidden, users, rules }: RuleSet): string {
  const lines = [
    ...forbidden.map((one) => forbiddenText(one, 'everybody')),
    ...[...users].flatMap(([user, list]) => list.map((one) => forbiddenText(one, user))),
    ...rules.map(ruleText),
  ];
  return lines.length === 0 ? `No rules. They would be in ${file}` : lines.join('\n');
}

const forbiddenText = ({ tool, where }: Forbidden, user: string): string =>
  `${tool}: forbidden for ${user}  (${where})`;

function ruleText({ tool, targets, arguments: args, approval, evenIfInfluenced, where }: Rule): string {
  const conditions = [
    ...[...targets].map(([kind, pattern]) => `${kind} ${pattern}`),
    ...[...args].map(([name, pattern]) => `argument ${name} ${pattern}`),
  ];
  const which = conditions.length === 0 ? '' : ` with ${conditions.join(', ')}`;
  const influenced = evenIfInfluenced ? ', even when outside words had a hand in it' : '';
  return `${tool}${which}: ${APPROVALS[approval]}${influenced}  (${where})`;
}

const APPROVALS: { readonly [approval in Rule['approval']]: string } = {
  never: 'never asked about',
  'unless-granted': 'asked about unless granted',
  always: 'asked about each time',
  forbidden: 'forbidden',
};

function faultText({ file, line, message, hint }: FileTrouble): string {
  return `No tool runs, because of a mistake in the rules.\n${placed(file, line)}: ${message}.\n${hint}`;
}

/** Maps have no JSON of their own. */
function jsonOf(file: string, { forbidden, users, rules }: RuleSet): object {
  return {
    file,
    forbidden,
    users: Object.fromEntries(users),
    rules: rules.map((rule) => ({
      ...rule,
      targets: Object.fromEntries(rule.targets),
      arguments: Object.fromEntries(rule.arguments),
    })),
  };
}
