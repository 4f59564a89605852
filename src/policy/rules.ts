import type { FileTrouble } from '../config/index.ts';
import { isJsonList, isJsonObject, type JsonObject } from '../core/json.ts';
import { ok, type Result } from '../core/result.ts';
import { fits, fitsPath } from '../core/wildcard.ts';
import type { Target, Tool } from '../tools/index.ts';
import { canonical } from './fingerprint.ts';

/** What the administrator decided beforehand, as it is right now. */
export interface PolicyRules {
  /** While they cannot be used, no tool runs. */
  current(): Promise<Result<RuleSet, FileTrouble>>;
}

export interface RuleSet {
  /** Patterns of tools that nobody may use. */
  readonly forbidden: readonly Forbidden[];
  readonly users: ReadonlyMap<string, readonly Forbidden[]>;
  /** The first that fits a call decides. */
  readonly rules: readonly Rule[];
}

export interface Forbidden {
  readonly tool: string;
  /** Where it is written, for people: `/srv/ironbark/policy.toml, line 2`. */
  readonly where: string;
}

export interface Rule {
  readonly tool: string;
  /** Patterns of what the call is directed at, by kind. */
  readonly targets: ReadonlyMap<Target['kind'], string>;
  /** Patterns of arguments, by name. */
  readonly arguments: ReadonlyMap<string, string>;
  readonly approval: RuleApproval;
  /** Whether it decides also where words from outside had a hand in the call. */
  readonly evenIfInfluenced: boolean;
  readonly where: string;
}

export type RuleApproval = Tool['approval'] | 'forbidden';

/** No rules at all. */
export const NO_RULES: PolicyRules = {
  current: async () => ok({ forbidden: [], users: new Map(), rules: [] }),
};

/** What forbids the tool to this user, whatever the call. */
export function forbiddenBy(
  { forbidden, users }: RuleSet,
  tool: string,
  user: string,
): Forbidden | undefined {
  return [...forbidden, ...(users.get(user) ?? [])].find((one) => fits(one.tool, tool));
}

/** The first rule that fits. Linear in the rules, of which there are 1,000 at most. */
export function ruleFor({ rules }: RuleSet, tool: Tool, args: JsonObject): Rule | undefined {
  const named = rules.filter((rule) => fits(rule.tool, tool.name));
  if (named.length === 0) return undefined;
  const targets = tool.targets?.(args) ?? [];
  return named.find((rule) => fitsTargets(rule, targets) && fitsArguments(rule, args));
}

/**
 * A rule that loosens must fit all that the call is directed at; one that tightens need fit only some of it. So a
 * call with two files is not let through for one of them, and not overlooked for the other.
 */
function fitsTargets(rule: Rule, targets: readonly Target[]): boolean {
  return [...rule.targets].every(([kind, pattern]) => {
    const meant = targets.filter((target) => target.kind === kind);
    const fitting = meant.filter((target) => fitsTarget(pattern, target, rule));
    return fitting.length > 0 && (tightens(rule) || fitting.length === meant.length);
  });
}

function fitsTarget(pattern: string, { kind, value }: Target, rule: Rule): boolean {
  if (value.length > MAX_COMPARED) return tightens(rule);
  if (kind === 'path') return fitsPath(pattern, value);
  if (kind === 'host' || kind === 'recipient') return fits(pattern.toLowerCase(), value.toLowerCase());
  return fits(pattern, value);
}

function fitsArguments(rule: Rule, args: JsonObject): boolean {
  return [...rule.arguments].every(([name, pattern]) => {
    if (!Object.hasOwn(args, name)) return false;
    const text = textOf(args, name);
    return text.length > MAX_COMPARED ? tightens(rule) : fits(pattern, text);
  });
}

/** Longer values are not compared, which would take milliseconds: they count as what is safer. */
const MAX_COMPARED = 4_096;

const tightens = ({ approval }: Rule): boolean => approval === 'forbidden' || approval === 'always';

function textOf(args: JsonObject, name: string): string {
  const value = args[name] ?? null;
  return isJsonObject(value) || isJsonList(value) ? canonical(value) : String(value);
}
