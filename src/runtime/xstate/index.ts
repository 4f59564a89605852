/**
 * Every place where the runtime leans on how XState 5 works inside, with the reason. Nothing outside of this folder
 * touches a member that XState does not document. `xstate.test.ts` fails where a new version changed one.
 */
export { childrenOf, fail, isActive, markExit, onExit, stopChild } from './actor.ts';
export { mailboxOf, queueLengthOf } from './actor-mailbox.ts';
export { guardInspector } from './inspection.ts';
export { isDeaf, STOP } from './internals.ts';
export { parentOf } from './parent.ts';
export { relay } from './relay.ts';
export { replaceSnapshot } from './replace-snapshot.ts';
export { indexTimers, schedulerOf } from './scheduler.ts';
export { withCompiledStep } from './step/compiled-step.ts';
export { adoptSystem, boundMicrosteps, createChild } from './system.ts';
export { pureStart, pureTransition, takenTransitions } from './transition.ts';
