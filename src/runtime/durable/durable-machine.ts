import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic } from 'xstate';
import type {
  AnyDeclaration,
  AnyInput,
  AnyTypes,
  DurableDeclaration,
  DurableInput,
  DurableTypes,
  Outcome,
} from './declaration.ts';
import { type DurableLogic, durable } from './durable.ts';
import { MachineProcess } from './machine-process.ts';
import type { DurableProcess, Fact } from './process.ts';
import { checkDurable, restore } from './statechart.ts';
import { type JournalRow, type OpenedActor, UnsupportedVersionError } from './store.ts';
import { checkVersions, migrated } from './versions.ts';

/**
 * Declares a statechart durable: killed at any instant, it loses nothing and doubles nothing.
 *
 * Each event is taken in by a pure transition; the event's and the requests' rows, the effects begun and the state
 * reached are one commit, and only then the effects begin. After a crash the next life goes on from the last commit:
 * an effect with an outcome is not run again, one without is treated after its class. A step that crashes the actor
 * `maxCrashes` times is parked as a dead letter, and the machine is told. A state stored by a version that no
 * migration leads from is refused and left as it is.
 *
 * Whoever supervises such an actor should let it be restarted `maxCrashes` times, and make it `transient`: one that
 * has been replaced, or whose state is refused, exits with `shutdown` and is not to be started again.
 *
 * @example durableMachine<typeof counterMachine, CounterTypes>({ machine: counterMachine, version: 1, ... })
 *
 * @throws Error where the machine cannot be durable (timers, invoked actors, nested states), or the migrations have a
 *   gap
 */
export function durableMachine<M extends AnyStateMachine, T extends DurableTypes>(
  declaration: DurableDeclaration<M, T>,
): DurableMachine<M, T>;
export function durableMachine(declaration: AnyDeclaration): DurableMachine<AnyStateMachine, AnyTypes> {
  const { machine, version, migrations = {} } = declaration;
  checkDurable(machine);
  checkVersions(machine.id, version, migrations);
  // An endless loop inside of one transition would stop the whole process, and no count of crashes would end it.
  machine.options.maxIterations = Math.min(machine.options.maxIterations ?? MAX_MICROSTEPS, MAX_MICROSTEPS);

  const process = async (input: AnyInput): Promise<MachineProcess> => {
    const opened = await input.open();
    return new MachineProcess(declaration, input, opened, stateOf(declaration, opened));
  };
  return { version, process, logic: durable(process) };
}

/** A declared machine: as the logic of an actor, or as a process for a logic of one's own. */
export interface DurableMachine<M extends AnyStateMachine, T extends DurableTypes> {
  /** To open its actors' places in the store with. */
  readonly version: number;
  readonly logic: DurableLogic<DurableInput<M, T>, EventFromLogic<M>>;
  process(input: DurableInput<M, T>): Promise<DurableProcess<EventFromLogic<M>, MachineFact<M, T>>>;
}

type MachineFact<M extends AnyStateMachine, T extends DurableTypes> = Fact<EventFromLogic<M>> &
  Outcome<EventFromLogic<M>, T['record'], T['write']>;

/** More steps than this within one transition are a loop. */
const MAX_MICROSTEPS = 1_000;

/** The stored state, as the machine of today has it. */
function stateOf(
  { machine, version, migrations = {} }: AnyDeclaration,
  { journal, snapshot, version: stored }: OpenedActor<JournalRow, unknown>,
): AnyMachineSnapshot | undefined {
  if (snapshot === null) return undefined;
  const state = migrated(journal.key, { version: stored, snapshot }, version, migrations);
  try {
    return restore(machine, state);
  } catch (cause) {
    throw new UnsupportedVersionError(journal.key, stored, `no state "${state.state}"`, { cause });
  }
}
