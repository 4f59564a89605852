import { placed } from '../config/index.ts';
import type { Grant } from '../core/assistant.ts';
import { IronbarkError } from '../core/errors.ts';
import type { PermissionState, ToolPermission } from '../core/tools.ts';
import { OWNER } from '../core/user.ts';
import { fits } from '../core/wildcard.ts';
import type { Tool } from '../tools/index.ts';
import type { OwnRules } from './own-rules.ts';
import { forbiddenBy, type PolicyRules, type RuleApproval, type RuleSet } from './rules.ts';
import { scopeOfTargets } from './scope.ts';

/** What is decided about whole tools, and by whom. */
export interface Permissions {
  /** Rejects with kind `config` where the administrator's rules cannot be read. */
  of(tools: readonly Tool[]): Promise<readonly ToolPermission[]>;
  /** What has to change for it; rejects with kind `usage` where it cannot be so. */
  plan(tool: Tool, state: PermissionState | 'default'): Promise<PermissionChange>;
}

export interface PermissionChange {
  readonly rule: RuleApproval | undefined;
  /** Whether the tool has to be granted as a whole. */
  readonly grant: boolean;
  /** Grants that go. */
  readonly revoke: readonly string[];
}

interface Sources {
  readonly rules: PolicyRules;
  readonly own: OwnRules;
  readonly grants: () => Promise<readonly Grant[]>;
}

export function createPermissions({ rules, own, grants }: Sources): Permissions {
  async function of(tools: readonly Tool[]): Promise<readonly ToolPermission[]> {
    const current = await rules.current();
    if (!current.ok) {
      const { file, line, message, hint } = current.error;
      throw new IronbarkError('config', `No tool may run: ${placed(file, line)}: ${message}.`, hint);
    }
    const [mine, granted] = await Promise.all([own.all(), grants()]);
    return tools.map((tool) => permissionOf(tool, current.value, mine, granted));
  }

  async function plan(tool: Tool, wanted: PermissionState | 'default'): Promise<PermissionChange> {
    const [permission] = await of([tool]);
    if (!permission) throw new IronbarkError('internal', 'A tool has one permission.');
    const { declared, locked, states } = permission;
    if (locked !== null) throw new IronbarkError('usage', `${tool.name} is not for you to set: ${locked}.`);
    const state = wanted === 'default' ? declared : wanted;
    if (!states.includes(state)) throw cannotBe(tool, states);
    const whole = permission.grants.filter(isWhole);
    return {
      rule: state === declared || state === 'always_allow' ? undefined : RULE_FOR[state],
      grant: state === 'always_allow' && declared === 'ask' && whole.length === 0,
      revoke: state === 'always_allow' ? [] : whole.map(({ grantId }) => grantId),
    };
  }

  return { of, plan };
}

/** From the freest to the strictest. */
const STATES: readonly PermissionState[] = ['always_allow', 'ask', 'ask_each_time', 'disabled'];

const STATE_OF: { readonly [approval in RuleApproval]: PermissionState } = {
  never: 'always_allow',
  'unless-granted': 'ask',
  always: 'ask_each_time',
  forbidden: 'disabled',
};

const RULE_FOR: { readonly [state in PermissionState]: RuleApproval } = {
  always_allow: 'never',
  ask: 'unless-granted',
  ask_each_time: 'always',
  disabled: 'forbidden',
};

function permissionOf(
  tool: Tool,
  rules: RuleSet,
  own: ReadonlyMap<string, RuleApproval>,
  granted: readonly Grant[],
): ToolPermission {
  const grants = granted.filter((grant) => grant.tool === tool.name);
  const declared = STATE_OF[tool.approval];
  const decided = decidedBy(tool, rules);
  const about = { tool: tool.name, declared, grants };
  if (decided) return { ...about, state: decided.state, states: [], locked: decided.where };
  const mine = own.get(tool.name);
  const state = mine === undefined ? declared : STATE_OF[mine];
  const isAllowed = state === 'ask' && declared === 'ask' && grants.some(isWhole);
  return { ...about, state: isAllowed ? 'always_allow' : state, states: statesOf(declared), locked: null };
}

/** The administrator, for every call of the tool. Rules about some of its calls leave the rest to the user. */
function decidedBy(tool: Tool, rules: RuleSet): { state: PermissionState; where: string } | undefined {
  const ban = forbiddenBy(rules, tool.name, OWNER);
  if (ban) return { state: 'disabled', where: `"${ban.tool}" in ${ban.where}` };
  const first = rules.rules.find((rule) => fits(rule.tool, tool.name));
  if (!first || first.targets.size > 0 || first.arguments.size > 0) return undefined;
  return { state: STATE_OF[first.approval], where: `"${first.tool}" in ${first.where}` };
}

/** A tool that is to be asked about can be granted, but none is made freer than it declares itself. */
function statesOf(declared: PermissionState): readonly PermissionState[] {
  return declared === 'ask' ? STATES : STATES.slice(STATES.indexOf(declared));
}

/** Covers every call, everywhere, for good. */
const isWhole = ({ scope, conversationId, expiresAt, outdated }: Grant): boolean =>
  scope === scopeOfTargets([]).words && conversationId === null && expiresAt === null && !outdated;

const cannotBe = ({ name }: Tool, states: readonly PermissionState[]): IronbarkError =>
  new IronbarkError(
    'usage',
    `${name} declares that it must be asked about.`,
    `It can be: ${states.join(', ')}.`,
  );
