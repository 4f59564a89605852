export { limitModule } from './limit-module.ts';
export { DEFAULT_LIMITS, FUEL, type Limits } from './limits.ts';
export type { LimitRefusal } from './refusal.ts';
