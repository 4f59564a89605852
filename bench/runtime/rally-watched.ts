import type { InspectionEvent } from 'xstate';
import type { Arm } from './arm.ts';
import { machinePlayer } from './players.ts';
import { startPlayers } from './rally-supervised.ts';

/** Somebody watched before the first round, and does no more. */
export const noLongerWatched: Arm = async () => {
  const { system, measure } = await startPlayers(machinePlayer);
  const detach = system.inspect(recorder());
  await measure();
  detach();
  return measure;
};

/** Somebody sees every event, and keeps the last 10,000 in short. */
export const watched: Arm = async () => {
  const { system, measure } = await startPlayers(machinePlayer);
  system.inspect(recorder());
  return measure;
};

const RING = 10_000;

/** What a tracer keeps of an event. Raw events would keep whole snapshots alive. */
interface Trace {
  readonly at: number;
  readonly kind: string;
  readonly actor: string;
  readonly event: string;
}

function recorder(): (event: InspectionEvent) => void {
  const ring = new Array<Trace>(RING);
  let seen = 0;
  return (inspected) => {
    ring[seen++ % RING] = {
      at: performance.now(),
      kind: inspected.type,
      actor: inspected.actorRef.sessionId,
      event: 'event' in inspected ? inspected.event.type : '',
    };
  };
}
