import { err, ok, type Result } from '../core/result.ts';
import { type AllowRule, type AllowRuleSource, parseAllowRule } from '../network/index.ts';
import { readSection } from './fields.ts';
import { type Findings, type Place, quoted } from './findings.ts';
import { readRequired, readText, readTexts, type TextRule } from './read-value.ts';

/** A host exactly, or `*.suffix`; in the spelling that requests are compared in. */
export const HOST_PATTERN: TextRule = (host) =>
  part(host, 'allowed as a host', { host }, (rule) => rule.host);

const PATH_PREFIX: TextRule = (pathPrefix) =>
  part(pathPrefix, 'allowed as a path prefix', { host: ANY_HOST, pathPrefix }, (rule) => rule.pathPrefix);

export const METHOD: TextRule = (method) =>
  part(method, 'allowed as a method', { host: ANY_HOST, methods: [method] }, (rule) => rule.methods[0] ?? '');

/** Stands in where only another part of the rule is asked about. */
const ANY_HOST = 'host.example';

/** The network's own judgement on one part of a rule, so that a mistake is reported at the field it stands in. */
function part(
  text: string,
  what: string,
  source: AllowRuleSource,
  pick: (rule: AllowRule) => string,
): Result<string, string> {
  const parsed = parseAllowRule(source);
  return parsed.ok ? ok(pick(parsed.value)) : err(`${quoted(text)} is not ${what}. ${parsed.error.message}`);
}

export function readAllowRule(findings: Findings, place: Place): AllowRule | undefined {
  return readSection(findings, place, (fields) => {
    const host = readRequired(findings, fields.path, 'host', fields.take('host'), HOST_PATTERN);
    const pathPrefix = readText(findings, fields.take('path_prefix'), PATH_PREFIX) ?? '/';
    const methods = readTexts(findings, fields.take('methods'), METHOD);
    return host === undefined ? undefined : { host, pathPrefix, methods };
  });
}

/** Whether some host fits both patterns. */
export function overlap(one: string, other: string): boolean {
  return one === other || within(one, other) || within(other, one);
}

const within = (inner: string, outer: string): boolean =>
  outer.startsWith('*.') && inner.endsWith(outer.slice(1));
