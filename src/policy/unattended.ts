import type { AgentOrder, Origin } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import type { Tool } from '../tools/index.ts';
import { scopeOf } from './scope.ts';

interface UnattendedCall {
  readonly tool: Tool;
  readonly arguments: JsonObject;
  readonly origins: readonly Origin[];
  readonly agent: AgentOrder | undefined;
}

/** For the model: that nobody could be asked, and how the user can allow it beforehand. */
export function unattendedReason(call: UnattendedCall, question: string, isGrantable: boolean): string {
  if (call.agent !== undefined) return agentsReason(call.tool.name, question);
  const why = `${call.tool.name} was not run: it needs the user's yes, and nobody is there to ask. (${question})`;
  if (!isGrantable) return `${why} It cannot be allowed beforehand; tell the user what you could not do.`;
  return `${why} It can be allowed beforehand, by the user: ${commandFor(call)}`;
}

/** Whoever sent the agent is asked instead, when it makes the call itself. */
const agentsReason = (name: string, question: string): string =>
  `${name} was not run: it needs the user's yes, and agents do not ask. (${question}) Say in your result that it is left to do, with all that is needed for it.`;

function commandFor({ tool, arguments: args, origins }: UnattendedCall): string {
  const { targets, call } = scopeOf(tool, args, false);
  // Nothing broader than the call is suggested, and nothing that would break the line it stands in.
  if (call !== null || targets.some(isUnprintable)) return 'see ironbark grants add --help';
  const narrowed = targets.map((target) => ` --to ${quoted(target)}`).join('');
  const flag = origins.length > 0 ? ' --even-if-influenced' : '';
  return `ironbark grants add ${tool.name}${narrowed}${flag}`;
}

const isUnprintable = (text: string): boolean => /[\p{C}\p{Zl}\p{Zp}]/u.test(text);

/** For a shell, where quotes of this kind take everything literally but themselves. */
const quoted = (text: string): string =>
  /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
