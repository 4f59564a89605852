export { domainRules } from './domains.ts';
export type { Egress, EgressCounts, EgressDoor, EgressOrder, Seal } from './egress.ts';
export { createEgress } from './open-door.ts';
