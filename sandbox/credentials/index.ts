export { applicableCredentials } from './applicable.ts';
export { guestHeaders, type HeaderRefusal } from './guest-headers.ts';
export type { SealRefusal, SealRule } from './refusal.ts';
export { sealRequest } from './seal-request.ts';
export type { SealedRequest } from './sealed-request.ts';
