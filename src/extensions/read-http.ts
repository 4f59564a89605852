import type { AllowRule } from '../network/index.ts';
import { overlap, readAllowRule } from './allow-rule.ts';
import { type Fields, readSection } from './fields.ts';
import { below, type Findings, type Place } from './findings.ts';
import type { Credential, HttpCapability, RateLimit } from './manifest.ts';
import { readCredentials } from './read-credential.ts';
import { readList, readNumber } from './read-value.ts';

const MIB = 1024 * 1024;

export function readHttp(findings: Findings, place: Place | undefined): HttpCapability | null {
  const http = readSection(findings, place, (fields) => httpOf(findings, fields));
  if (http === undefined || http.allowlist.length > 0) return http ?? null;
  findings.note(place?.path ?? '$.http', 'lists no host to allow, so no request is allowed');
  return null;
}

function httpOf(findings: Findings, fields: Fields): HttpCapability {
  const allowlist = readList(findings, fields.take('allowlist'), (item) => readAllowRule(findings, item));
  const secrets = fields.take('credentials');
  const credentials = readCredentials(findings, secrets);
  noteUnreachable(findings, secrets?.path ?? fields.path, credentials, allowlist);
  return { allowlist, credentials, ...httpLimits(findings, fields) };
}

/** The defaults and the upper limits of size and time are those of the `near:agent` host interface. */
function httpLimits(findings: Findings, fields: Fields) {
  const request = fields.take('max_request_bytes');
  const response = fields.take('max_response_bytes');
  const seconds = fields.take('timeout_secs');
  return {
    rateLimit: readRateLimit(findings, fields.take('rate_limit')),
    maxRequestBytes: readNumber(findings, request, { fallback: MIB, most: MIB }),
    maxResponseBytes: readNumber(findings, response, { fallback: 10 * MIB, most: 10 * MIB }),
    timeoutMs: 1000 * readNumber(findings, seconds, { fallback: 30, most: 300 }),
  };
}

/** The limits are ours: ten a second, as long as it lasts. */
export function readRateLimit(findings: Findings, place: Place | undefined): RateLimit {
  const read = (fields: Fields): RateLimit => ({
    perMinute: readNumber(findings, fields.take('requests_per_minute'), { fallback: 60, most: 600 }),
    perHour: readNumber(findings, fields.take('requests_per_hour'), { fallback: 1000, most: 36_000 }),
  });
  return readSection(findings, place, read) ?? { perMinute: 60, perHour: 1000 };
}

function noteUnreachable(
  findings: Findings,
  path: string,
  credentials: readonly Credential[],
  allowlist: readonly AllowRule[],
): void {
  for (const { key, hostPatterns } of credentials) {
    for (const pattern of hostPatterns) {
      if (allowlist.some(({ host }) => overlap(host, pattern))) continue;
      findings.note(
        below(path, key),
        `names ${pattern}, which the allowlist does not: it is never sent there`,
      );
    }
  }
}
