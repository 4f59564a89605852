import { type FileTrouble, placed } from '../config/index.ts';
import type { Grant } from '../core/assistant.ts';
import type { Clock } from '../core/clock.ts';
import type { AgentOrder, Origin } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import type { Database, Statement } from '../storage/index.ts';
import { isConsequential, type Planning, type Tool } from '../tools/index.ts';
import { fingerprintOf } from './fingerprint.ts';
import {
  type AddedGrant,
  addStatement,
  type Cover,
  createGrants,
  type Grants,
  grantStatement,
  type NewGrant,
} from './grants.ts';
import { createOwnRules, OWN_RULES, withOwnRules } from './own-rules.ts';
import { createPermissions, type Permissions } from './permissions.ts';
import {
  type Forbidden,
  forbiddenBy,
  type PolicyRules,
  type RuleApproval,
  type RuleSet,
  ruleFor,
} from './rules.ts';
import { type Scope, scopeOf } from './scope.ts';
import { unattendedReason } from './unattended.ts';
import { isWished } from './wish.ts';

/** Decides whether a tool call may run, and keeps what the user allowed for good. */
export interface Policy {
  judge(request: PolicyRequest): Promise<PolicyDecision>;
  /** Stores what an answer grants; part of the commit that records it. Doing it again changes nothing. */
  grantStatement(grant: NewGrant): Statement;
  /**
   * Stores what is granted beforehand. Throws a `usage` error where the tool must be asked about each time, where it
   * cannot be narrowed to targets, or where it would be over already.
   */
  addStatement(grant: AddedGrant): Statement;
  /** What is granted now, oldest first. */
  grants(): Promise<readonly Grant[]>;
  /** Takes a grant back at once. False where it was not in force. */
  revoke(grantId: string): Promise<boolean>;
  readonly permissions: Permissions;
  /** What the user wants of a whole tool; undefined: as it declares itself. */
  setRule(tool: string, approval: RuleApproval | undefined): Promise<void>;
}

export interface PolicyRequest {
  readonly tool: Tool;
  readonly arguments: JsonObject;
  readonly conversationId: string;
  readonly user: string;
  /** Whose words, other than the user's, had a hand in the call. */
  readonly origins: readonly Origin[];
  /** What the user said in this turn, in their own words; nothing where another tool calls. */
  readonly wish: readonly string[];
  /** Calls of this turn that already ran or were let run: an action that was asked for once is not asked for twice. */
  readonly done: readonly { readonly tool: string; readonly arguments: JsonObject }[];
  /** Nobody is there to be asked. */
  readonly unattended: boolean;
  /** `unapproved`: the user wants a plan before anything is done. */
  readonly planning: Planning;
  /** Where an agent calls: what it was given. */
  readonly agent: AgentOrder | undefined;
}

export type PolicyDecision =
  | { readonly verdict: 'allow'; readonly because: 'harmless' | 'granted' | 'wished' | 'rule' }
  | {
      readonly verdict: 'ask';
      /** What the call would do, for the person who decides. */
      readonly reason: string;
      readonly allowAlways: boolean;
      /** What "always" would cover, in words; undefined where there is no "always". */
      readonly scope: string | undefined;
      /** Of this very call: only what was shown may run. */
      readonly fingerprint: string;
      readonly origins: readonly Origin[];
    }
  | {
      readonly verdict: 'refuse';
      /** For the model: why, and what to do instead. */
      readonly reason: string;
      readonly rule:
        | 'forbidden'
        | 'policy-unreadable'
        | 'not-for-agents'
        | 'planning'
        | 'unattended'
        | 'impossible';
    };

export interface PolicyOptions {
  readonly database: Database;
  /** The tool of that name, as it is now. */
  readonly tools: (name: string) => Tool | undefined;
  readonly rules: PolicyRules;
  readonly clock: Clock;
}

/**
 * The rules, in order; the first that has something to say decides. "Influenced" is a call with consequences that
 * words from outside had a hand in.
 *
 * | rule         | says                                                                                             |
 * | ------------ | ------------------------------------------------------------------------------------------------ |
 * | (unreadable) | the administrator's rules cannot be read: nothing runs                                           |
 * | forbidden    | it is forbidden, by the administrator or, where he leaves it open, by the user                   |
 * | kept         | an agent calls a tool that it was not given: refuse                                              |
 * | planning     | the user wants a plan first: propose one, ask; with consequences, refuse                        |
 * | lacking      | something is missing that the user has to provide: ask, whatever was granted                     |
 * | harmless     | it has no consequences and need not be asked about: allow                                        |
 * | free         | not influenced, and need not be asked about: allow                                               |
 * | impossible   | it cannot succeed: refuse, and bother nobody                                                     |
 * | granted      | a grant covers it; where it is influenced, a grant that says so: allow                           |
 * | wished       | influenced, but the user's own words ask for it, and without influence it would be free or granted |
 * | asked        | ask                                                                                              |
 *
 * Where nobody is there to be asked, what would be asked about is refused.
 */
const RULES: readonly PolicyRule[] = [
  forbidden,
  kept,
  planning,
  lacking,
  harmless,
  free,
  impossible,
  granted,
  wished,
  asked,
];

type PolicyRule = (call: JudgedCall) => PolicyDecision | undefined | Promise<PolicyDecision | undefined>;

type Question = Extract<PolicyDecision, { verdict: 'ask' }>;

/** A call with what the administrator's rules make of it. */
interface JudgedCall {
  readonly request: PolicyRequest;
  /** Who forbids it, and where that is written. */
  readonly forbiddenBy: string | undefined;
  /** As the tool declares it, or as a rule has it. */
  readonly approval: Tool['approval'];
  readonly isRuled: boolean;
  readonly isConsequential: boolean;
  readonly isInfluenced: boolean;
  /** Asked of the database once, however many rules want to know. */
  cover(influenced: boolean): Promise<Cover>;
}

export function createPolicy({ database, tools, rules, clock }: PolicyOptions): Policy {
  const grants = createGrants(database, tools, clock);
  const own = createOwnRules(database, clock);
  return {
    async judge(request) {
      const current = await rules.current();
      if (!current.ok) return unreadable(current.error);
      const all = withOwnRules(current.value, await own.all());
      const decision = await firstDecision(underRules(request, all, grants));
      return decision.verdict === 'ask' && request.unattended ? unasked(decision, request) : decision;
    },
    grantStatement,
    addStatement,
    grants: grants.list,
    revoke: grants.revoke,
    permissions: createPermissions({ rules, own, grants: grants.list }),
    setRule: own.set,
  };
}

async function firstDecision(call: JudgedCall): Promise<PolicyDecision> {
  for (const rule of RULES) {
    const decision = await rule(call);
    if (decision) return decision;
  }
  throw new Error('the last rule decides about every call');
}

function underRules(request: PolicyRequest, rules: RuleSet, grants: Grants): JudgedCall {
  const { tool, arguments: args, user, origins } = request;
  const covers = new Map<boolean, Promise<Cover>>();
  const rule = ruleFor(rules, tool, args);
  const ban = forbiddenBy(rules, tool.name, user) ?? (rule?.approval === 'forbidden' ? rule : undefined);
  const declared = tool.approvalOf?.(args) ?? tool.approval;
  const approval = rule === undefined || rule.approval === 'forbidden' ? declared : rule.approval;
  const consequential = isConsequential(tool, args);
  return {
    request,
    forbiddenBy: ban && banText(ban),
    approval,
    isRuled: approval !== declared || (origins.length > 0 && rule?.evenIfInfluenced === true),
    isConsequential: consequential,
    isInfluenced: consequential && origins.length > 0 && rule?.evenIfInfluenced !== true,
    cover(influenced) {
      const cover = covers.get(influenced) ?? grants.cover(request, influenced);
      covers.set(influenced, cover);
      return cover;
    },
  };
}

const banText = ({ tool, where }: Forbidden): string =>
  where === OWN_RULES ? 'the user turned it off' : `the administrator forbids it ("${tool}" in ${where})`;

function unreadable({ file, line, message, hint }: FileTrouble): PolicyDecision {
  const reason = `No tool may run, because the administrator's rules cannot be used: ${placed(file, line)}: ${message}. ${hint} Tell the user.`;
  return { verdict: 'refuse', rule: 'policy-unreadable', reason };
}

function forbidden({ request, forbiddenBy: rule }: JudgedCall): PolicyDecision | undefined {
  if (rule === undefined) return undefined;
  const reason = `${request.tool.name} was not run: ${rule}. Do not try it in another way; tell the user.`;
  return { verdict: 'refuse', rule: 'forbidden', reason };
}

function kept({ request: { tool, agent } }: JudgedCall): PolicyDecision | undefined {
  if (agent === undefined || agent.tools.includes(tool.name)) return undefined;
  const given = agent.tools.join(', ') || 'no tools';
  const reason = `${tool.name} was not run: you were given ${given}. Do without it, or say in your result what is left to do.`;
  return { verdict: 'refuse', rule: 'not-for-agents', reason };
}

async function planning(call: JudgedCall): Promise<PolicyDecision | undefined> {
  const { request } = call;
  const { tool, arguments: args } = request;
  if (request.planning !== 'unapproved') return undefined;
  if (tool.proposesPlan)
    return (await impossible(call)) ?? question(request, tool.summary?.(args) ?? tool.name);
  if (!call.isConsequential) return undefined;
  return { verdict: 'refuse', rule: 'planning', reason: unplanned(request) };
}

const unplanned = ({ tool: { name }, agent }: PolicyRequest): string =>
  agent === undefined
    ? `${name} was not run: the user wants a plan first. Look at what you need to see, then propose the plan with plan_update (status draft); when they have approved it, go on.`
    : `${name} was not run: the plan that you work for is not approved yet, so you may only look. Say in your result what is to be done.`;

async function lacking({ request }: JudgedCall): Promise<PolicyDecision | undefined> {
  const missing = await request.tool.lacks?.();
  return missing === undefined ? undefined : question(request, missing);
}

function harmless(call: JudgedCall): PolicyDecision | undefined {
  return call.isConsequential ? undefined : free(call);
}

async function impossible({ request: { tool, arguments: args } }: JudgedCall) {
  const reason = await tool.refusal?.(args);
  return reason === undefined ? undefined : ({ verdict: 'refuse', rule: 'impossible', reason } as const);
}

function free({ approval, isInfluenced, isRuled }: JudgedCall): PolicyDecision | undefined {
  if (approval !== 'never' || isInfluenced) return undefined;
  return { verdict: 'allow', because: isRuled ? 'rule' : 'harmless' };
}

async function granted({ approval, isInfluenced, cover }: JudgedCall) {
  if (approval === 'always') return undefined;
  return (await cover(isInfluenced)) === 'covered'
    ? ({ verdict: 'allow', because: 'granted' } as const)
    : undefined;
}

async function wished(call: JudgedCall): Promise<PolicyDecision | undefined> {
  const { request, approval, isInfluenced, cover } = call;
  if (!isInfluenced || approval === 'always' || !isWished(request)) return undefined;
  const isFree = approval === 'never' || (await cover(false)) === 'covered';
  return isFree ? { verdict: 'allow', because: 'wished' } : undefined;
}

async function asked({ request, approval, isInfluenced, cover }: JudgedCall): Promise<PolicyDecision> {
  const { tool, arguments: args, origins } = request;
  const does = tool.summary?.(args) ?? `Run the tool ${tool.name}.`;
  if (approval === 'always') return question(request, does);
  const isOutdated = (await cover(isInfluenced)) === 'outdated';
  const reason = isOutdated ? `${does} ${OUTDATED}` : does;
  return question(request, reason, scopeOf(tool, args, origins.length > 0));
}

const OUTDATED = 'You allowed this before, but the tool has changed since then.';

function question(request: PolicyRequest, reason: string, scope?: Scope): Question {
  return {
    verdict: 'ask',
    reason,
    allowAlways: scope !== undefined,
    scope: scope?.words,
    fingerprint: fingerprintOf(request.tool, request.arguments),
    origins: request.origins,
  };
}

function unasked({ reason, allowAlways }: Question, request: PolicyRequest): PolicyDecision {
  return { verdict: 'refuse', rule: 'unattended', reason: unattendedReason(request, reason, allowAlways) };
}
