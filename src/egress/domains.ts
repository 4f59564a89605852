import { isIP } from 'node:net';
import { err, ok, type Result } from '../core/result.ts';
import { type AllowRule, parseAllowRule } from '../network/index.ts';

/**
 * The rules for a list of domains, each exact or `*.` and a domain of two parts or more. Addresses are refused: an
 * encrypted connection to one names no host that could be compared. The error is for whoever wrote the list.
 */
export function domainRules(domains: readonly string[]): Result<readonly AllowRule[], string> {
  const rules: AllowRule[] = [];
  for (const domain of domains) {
    const rule = parseAllowRule({ host: domain });
    if (!rule.ok) return err(`"${domain}": ${rule.error.message}`);
    if (isIP(rule.value.host) !== 0) return err(`"${domain}": Write a domain, not an address.`);
    if (rule.value.pathPrefix !== '/') return err(`"${domain}": Write a domain without a path.`);
    rules.push(rule.value);
  }
  return ok(rules);
}
