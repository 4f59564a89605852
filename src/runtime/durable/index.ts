/** Actors whose every step is committed before it counts, and that go on from there after a crash. */
export type {
  DurableDeclaration,
  DurableInput,
  DurableTypes,
  EffectActor,
  OpenEffect,
  Outcome,
  Rows,
  StepView,
  Trouble,
} from './declaration.ts';
export { type DurableLogic, durable } from './durable.ts';
export { type DurableMachine, durableMachine } from './durable-machine.ts';
export { type Fault, MemoryStore, StoreTrouble } from './memory-store.ts';
export type { Continuation, DurableProcess, Effect, Fact } from './process.ts';
export type { StoredState } from './statechart.ts';
export {
  type ActorJournal,
  type CommittedStep,
  type Crash,
  type DurableStore,
  type EffectClass,
  type Entry,
  FencedError,
  type IntendedEffect,
  type JournalRow,
  type OpenedActor,
  type OutboxMessage,
  StaleInputError,
  type Step,
  UnsupportedVersionError,
} from './store.ts';
export type { Migration, Migrations } from './versions.ts';
