export { type ApprovalReply, parseApprovalReply } from './approval-reply.ts';
export { fingerprintOf } from './fingerprint.ts';
export type { AddedGrant, NewGrant } from './grants.ts';
export {
  createPolicy,
  type Policy,
  type PolicyDecision,
  type PolicyOptions,
  type PolicyRequest,
} from './policy.ts';
export { createRuleFile } from './rule-file.ts';
export {
  type Forbidden,
  NO_RULES,
  type PolicyRules,
  type Rule,
  type RuleSet,
} from './rules.ts';
