export { type AddressRefusal, type AddressRule, checkAddress } from './address.ts';
export { type AllowRule, type AllowRuleSource, matchAllowlist, parseAllowRule } from './allowlist.ts';
export { type FetchFailure, type FetchOptions, fetchPublic, type PublicResponse } from './fetch-public.ts';
export { createHttpsTransport, type HttpsTransportOptions } from './https-transport.ts';
export { createRateLimiter, type RateLimiter, type RateLimits, type RateRefusal } from './rate-limiter.ts';
export type { UrlRefusal, UrlRule } from './refusal.ts';
export { isSenderHeader } from './request-headers.ts';
export { type DnsRefusal, type DnsRule, type Resolver, resolvePublic, systemResolver } from './resolve.ts';
export { type Header, withoutSensitiveHeaders } from './sensitive-headers.ts';
export { parseTarget, type Target } from './target.ts';
export type {
  Destination,
  IncomingResponse,
  OutgoingRequest,
  SendFailure,
  SendRule,
  Transport,
} from './transport.ts';
