export { type Builder, type BuilderOptions, createBuilder } from './builder.ts';
export type { BuildRefusal, BuildRule } from './refusal.ts';
