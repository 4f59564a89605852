export { type ApprovalReply, parseApprovalReply } from './approval-reply.ts';
export {
  createPolicy,
  type NewGrant,
  type Policy,
  type PolicyDecision,
  type PolicyRequest,
} from './policy.ts';
export { scopeOf } from './scope.ts';
