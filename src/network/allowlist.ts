import { isIP, isIPv6 } from 'node:net';
import { ok, type Result } from '../core/result.ts';
import { refuse, type UrlRefusal } from './refusal.ts';
import { parseMethod, parseTarget, type Target } from './target.ts';

/** One line of what may be asked. Made by `parseAllowRule`, in the spelling of a `Target`. */
export interface AllowRule {
  /** A host exactly, or `*.suffix`: sub-domains at any depth, not the suffix itself. */
  readonly host: string;
  /** `/v1` allows `/v1` and what is below, not `/v10`; `/v1/` only what is below. Case matters. */
  readonly pathPrefix: string;
  /** In capitals; none means all. */
  readonly methods: readonly string[];
}

export interface AllowRuleSource {
  readonly host: string;
  readonly pathPrefix?: string | undefined;
  readonly methods?: readonly string[] | undefined;
}

/**
 * Checks a rule as written in a manifest and brings it into the spelling of a `Target`. Refuses wildcards for
 * everything (`*`) and for a whole top-level domain (`*.com`); wider public suffixes (`*.co.uk`) are not known here.
 */
export function parseAllowRule(source: AllowRuleSource): Result<AllowRule, UrlRefusal> {
  const { host: pattern, pathPrefix = '/', methods = [] } = source;
  const wildcard = pattern.startsWith('*.');
  const name = wildcard ? pattern.slice(2) : pattern;
  if (/[/?#@*]/.test(name))
    return refuse('host-invalid', 'Write a host, or *. and a host of two parts or more.');
  if (!pathPrefix.startsWith('/') || /[?#]/.test(pathPrefix)) {
    return refuse('url-invalid', 'A path prefix begins with a slash and has neither query nor fragment.');
  }
  if (hasPort(name)) return refuse('port', 'Write the host without a port: it is always 443.');
  const target = parseTarget('GET', `https://${isIPv6(name) ? `[${name}]` : name}${pathPrefix}`);
  if (!target.ok) return target;
  if (wildcard && isIP(target.value.host) !== 0) {
    return refuse('host-invalid', 'An address has no sub-domains: write it without *.');
  }
  const verbs = parseMethods(methods);
  if (!verbs.ok) return verbs;
  const { host, path } = target.value;
  return ok({ host: wildcard ? `*.${host}` : host, pathPrefix: path, methods: verbs.value });
}

const hasPort = (host: string): boolean => !isIPv6(host) && host.replace(/^\[.*\]$/s, '').includes(':');

function parseMethods(methods: readonly string[]): Result<readonly string[], UrlRefusal> {
  const verbs: string[] = [];
  for (const method of methods) {
    const verb = parseMethod(method);
    if (!verb.ok) return verb;
    verbs.push(verb.value);
  }
  return ok(verbs);
}

/** The first rule that allows the target, or what it lacks. Costs one pass over the rules. */
export function matchAllowlist(target: Target, rules: readonly AllowRule[]): Result<AllowRule, UrlRefusal> {
  if (rules.length === 0) return refuse('nothing-allowed', 'No host is allowed at all.');
  const { host, path, method } = target;
  const forHost = rules.filter((rule) => matchesHost(rule.host, host));
  if (forHost.length === 0) return refuse('host-not-allowed', `The host ${host} is not among those allowed.`);
  const forPath = forHost.filter((rule) => matchesPath(rule.pathPrefix, path));
  if (forPath.length === 0) return refuse('path-not-allowed', `That path of ${host} is not allowed.`);
  const match = forPath.find((rule) => rule.methods.length === 0 || rule.methods.includes(method));
  return match
    ? ok(match)
    : refuse('method-not-allowed', `${method} is not allowed for that path of ${host}.`);
}

const matchesHost = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;

const matchesPath = (prefix: string, path: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
