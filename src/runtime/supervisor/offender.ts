import { type AnyActorLogic, type AnyActorRef, StateMachine } from 'xstate';
import { describeName } from '../process/messaging.ts';
import { describeState } from '../process/state.ts';
import type { CrashReport, Offender } from '../report/report.ts';
import { queueLengthOf } from '../xstate/index.ts';
import type { Child } from './child.ts';
import { isSupervisorLogic } from './supervisor-logic.ts';

/** A child as reports name it. */
export function offenderOf({ spec, path, incarnation }: Child): Offender {
  return {
    path,
    incarnation,
    id: spec.id,
    logic: logicName(spec.logic),
    restartType: spec.restart,
    significant: spec.significant,
    shutdown: spec.shutdown,
    childType: spec.type,
  };
}

/** @param links paths of the actors it was linked with */
export function crashReport(
  { spec, path, incarnation }: Child,
  ref: AnyActorRef,
  error: Error,
  links: readonly string[],
): CrashReport {
  return {
    type: 'crash_report',
    actor: path,
    incarnation,
    initialCall: logicName(spec.logic),
    registeredName: spec.name === undefined ? undefined : describeName(spec.name),
    error,
    ancestors: ancestorsOf(path),
    messageQueueLength: queueLengthOf(ref),
    links,
    state: describeState(ref),
  };
}

function ancestorsOf(path: string): readonly string[] {
  const ids = path.split('/');
  return ids.slice(1).map((_, above) => ids.slice(0, ids.length - 1 - above).join('/'));
}

function logicName(logic: AnyActorLogic): string {
  if (isSupervisorLogic(logic)) return 'supervisor';
  return logic instanceof StateMachine ? `machine ${logic.id}` : 'logic';
}
