export { cutToBytes } from './cut.ts';
export { findInjections, type InjectionFinding, isAtLeast } from './injection.ts';
export type { Severity } from './phrases.ts';
export { MAX_SHOWN_BYTES, wrapToolOutput } from './tool-output.ts';
