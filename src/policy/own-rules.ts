import type { Clock } from '../core/clock.ts';
import { IronbarkError } from '../core/errors.ts';
import { type Database, readSetting, writeSetting } from '../storage/index.ts';
import type { RuleApproval, RuleSet } from './rules.ts';

/** What the user decided about whole tools. The administrator's rules go before it. */
export interface OwnRules {
  /** By the tool's name. */
  all(): Promise<ReadonlyMap<string, RuleApproval>>;
  /** Undefined: as the tool declares itself. Counts from the next call on, also after a restart. */
  set(tool: string, approval: RuleApproval | undefined): Promise<void>;
}

const SETTING = 'policy.tools';
const APPROVALS: readonly string[] = ['never', 'unless-granted', 'always', 'forbidden'];
const MOST = 1_000;

/** One query in the life of a process, before the first call of a tool. */
export function createOwnRules(database: Database, clock: Clock): OwnRules {
  let loading: Promise<ReadonlyMap<string, RuleApproval>> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function load(): Promise<ReadonlyMap<string, RuleApproval>> {
    const kept = (await readSetting<Record<string, unknown>>(database, SETTING)) ?? {};
    return new Map(
      Object.entries(kept).flatMap(([tool, approval]) => (isApproval(approval) ? [[tool, approval]] : [])),
    );
  }

  function all(): Promise<ReadonlyMap<string, RuleApproval>> {
    loading ??= load().catch((thrown: unknown) => {
      loading = undefined;
      throw thrown;
    });
    return loading;
  }

  async function set(tool: string, approval: RuleApproval | undefined): Promise<void> {
    const next = new Map(await all());
    if (approval === undefined) next.delete(tool);
    else next.set(tool, approval);
    if (next.size > MOST) throw new IronbarkError('usage', 'There are rules about too many tools.');
    await writeSetting(database, SETTING, Object.fromEntries(next), clock.now());
    loading = Promise.resolve(next);
  }

  return {
    all,
    set(tool, approval) {
      const mine = turn.then(() => set(tool, approval));
      turn = mine.catch(() => {});
      return mine;
    },
  };
}

const isApproval = (value: unknown): value is RuleApproval =>
  typeof value === 'string' && APPROVALS.includes(value);

/** Where such a rule is written, for people. */
export const OWN_RULES = 'the permissions that the user set';

/** Both together: the first that fits decides, so the administrator's come first. */
export function withOwnRules(rules: RuleSet, own: ReadonlyMap<string, RuleApproval>): RuleSet {
  if (own.size === 0) return rules;
  const mine = [...own].map(([tool, approval]) => ({
    tool,
    approval,
    targets: new Map(),
    arguments: new Map(),
    evenIfInfluenced: false,
    where: OWN_RULES,
  }));
  return { ...rules, rules: [...rules.rules, ...mine] };
}
