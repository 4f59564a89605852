import { homedir } from 'node:os';
import { z } from 'zod';
import {
  type CheckedToml,
  type FileTrouble,
  type Place,
  readCheckedToml,
  type TomlFormat,
} from '../config/index.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Target } from '../tools/index.ts';
import type { Forbidden, Rule, RuleSet } from './rules.ts';

const MAX_ENTRIES = 1_000;

/** The most that is read of a file. */
export const MAX_POLICY_BYTES = 32 * 1024;

/** What a policy file of these bytes says, or the first mistake in it. Nothing of a mistaken file counts. */
export function readRules(file: string, bytes: Uint8Array): Result<RuleSet, FileTrouble> {
  const checked = readCheckedToml(file, bytes, FORMAT);
  if (!checked.ok) return checked;
  const rules = toRuleSet(checked.value);
  return countOf(rules) > MAX_ENTRIES ? err(tooMany(file, countOf(rules))) : ok(rules);
}

function tooMany(file: string, entries: number): FileTrouble {
  const message = `it has ${entries} entries; ${MAX_ENTRIES} are read at most`;
  return { file, line: undefined, message, hint: PATTERN_HINT };
}

const SYNTAX_HINT = 'Lists look like forbidden = ["shell", "browser_*"], rules begin with [[rules]].';
const SCHEMA_HINT = 'Correct or remove it. Until then no tool runs. Check with: ironbark policy';
const PATTERN_HINT = 'Put several into one with a pattern, as in "browser_*".';

const pattern = z
  .string({ error: 'must be a text in quotes' })
  .min(1, 'must not be empty')
  .max(200, 'must not have more than 200 characters');
/** A relative one would fit nothing, and a rule that forbids would be passed over in silence. */
const path = pattern.regex(/^(?:[\\/]|~[\\/]|~$|\*\*|[a-z]:)/i, 'must begin with "/", "~/" or "**"');
const forbidden = z.array(pattern, { error: 'must be a list, as in ["shell", "browser_*"]' }).default([]);
const section = z.strictObject({ forbidden }, { error: 'must be a section' });

const rule = z.strictObject(
  {
    tool: pattern,
    path: path.optional(),
    host: pattern.optional(),
    recipient: pattern.optional(),
    command: pattern.optional(),
    document: pattern.optional(),
    argument: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]), {
        error: 'must be written as argument.NAME = "pattern"',
      })
      .default({}),
    approval: z.enum(['never', 'unless-granted', 'always', 'forbidden'], {
      error: 'must be "never", "unless-granted", "always" or "forbidden"',
    }),
    even_if_influenced: z.boolean({ error: 'must be true or false' }).default(false),
  },
  { error: 'must be a rule' },
);

const schema = z.strictObject({
  tools: section.default({ forbidden: [] }),
  users: z.record(z.string(), section, { error: 'must hold sections such as [users.owner]' }).default({}),
  rules: z.array(rule, { error: 'must be written as [[rules]]' }).default([]),
});

const FORMAT: TomlFormat<typeof schema> = {
  schema,
  maxBytes: MAX_POLICY_BYTES,
  allowedAt: ([first]) =>
    Object.keys(first === undefined ? schema.shape : first === 'rules' ? rule.shape : section.shape),
  hints: { size: PATTERN_HINT, syntax: SYNTAX_HINT, schema: SCHEMA_HINT },
};

type Written = z.output<typeof schema>;
type WrittenRule = Written['rules'][number];

const KINDS: readonly Target['kind'][] = ['path', 'host', 'recipient', 'command', 'document'];

function toRuleSet({ value: { tools, users, rules }, where }: CheckedToml<Written>): RuleSet {
  const listed = (patterns: readonly string[], place: Place): readonly Forbidden[] =>
    patterns.map((tool) => ({ tool, where: where(place) }));
  return {
    forbidden: listed(tools.forbidden, ['tools', 'forbidden']),
    users: new Map(
      Object.entries(users).map(([user, one]) => [user, listed(one.forbidden, ['users', user, 'forbidden'])]),
    ),
    rules: rules.map((one, at) => toRule(one, where(['rules', at]))),
  };
}

function toRule(written: WrittenRule, where: string): Rule {
  const targets = KINDS.flatMap((kind): [Target['kind'], string][] => {
    const wanted = written[kind];
    return wanted === undefined ? [] : [[kind, kind === 'path' ? fullPath(wanted) : wanted]];
  });
  return {
    tool: written.tool,
    targets: new Map(targets),
    arguments: new Map(Object.entries(written.argument).map(([name, value]) => [name, String(value)])),
    approval: written.approval,
    evenIfInfluenced: written.even_if_influenced,
    where,
  };
}

/** A folder is meant with all that is in it. */
const fullPath = (path: string): string =>
  path.replace(/^~(?=$|[\\/])/, () => homedir()).replace(/[\\/]+$/, '/**');

function countOf({ forbidden: all, users, rules }: RuleSet): number {
  const ofUsers = [...users.values()].reduce((sum, list) => sum + list.length, 0);
  return all.length + ofUsers + rules.length;
}
