import type { Command } from 'commander';
import type { PendingApproval } from '../../core/assistant.ts';
import { IronbarkError } from '../../core/errors.ts';
import type { ApprovalDecision } from '../../core/journal.ts';
import { type Context, printResult, type Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { withRunning } from '../reach.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';

const DECISIONS: readonly { readonly name: ApprovalDecision; readonly what: string }[] = [
  { name: 'once', what: 'Allows it this once.' },
  { name: 'always', what: 'Allows it now, and the same tool from now on without asking.' },
  { name: 'deny', what: 'Refuses it.' },
];

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Lists what the assistant asks to be allowed.')
    .addHelpText(
      'after',
      '\nExamples:\n  ironbark approvals\n  ironbark approvals once 01J9Z3M8Q4V5\n  ironbark approvals deny 01J9Z3M8Q4V5 --reason "use the copy"',
    )
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const { approvalsText } = await import('../../repl/index.ts');
      const approvals = await withRunning(settings, context, (client) => client.approvals());
      printResult(context, settings, { approvals }, () => approvalsText(approvals));
      finish(0);
    });
  for (const { name, what } of DECISIONS) {
    const decision = addGlobalOptions(command.command(`${name} <id>`)).description(what);
    if (name === 'deny') decision.option('--reason <text>', 'what the assistant should know or do instead');
    decision.action(async (id: string, flags: { reason?: string }) => {
      const settings = settingsOf(decision, context.terminal);
      await decide(id, name, flags.reason, settings, context);
      printResult(context, settings, { approvalId: id, decision: name }, () => `Answered ${id}: ${name}.`);
      finish(0);
    });
  }
}

async function decide(
  id: string,
  decision: ApprovalDecision,
  reason: string | undefined,
  settings: Settings,
  context: Context,
): Promise<void> {
  await withRunning(settings, context, async (client) => {
    const question = (await client.approvals()).find(({ approvalId }) => approvalId === id);
    if (question === undefined) throw notPending(id);
    if (decision === 'always' && !question.allowAlways) throw askedEachTime(question);
    await client.approve(question.conversationId, id, decision, reason);
  });
}

function notPending(id: string): IronbarkError {
  return new IronbarkError(
    'usage',
    `Nothing with the id ${id} waits for an approval.`,
    'See: ironbark approvals',
  );
}

function askedEachTime({ tool, approvalId }: PendingApproval): IronbarkError {
  const hint = `Allow it this once: ironbark approvals once ${approvalId}`;
  return new IronbarkError('usage', `${tool} must be asked for each time.`, hint);
}
