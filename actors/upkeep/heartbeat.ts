import type { HeartbeatDesk } from '../../machines/heartbeat.ts';
import type { Environment } from '../environment.ts';

/** From the start to the first look, in milliseconds: what starts has other things to do. */
export const FIRST_BEAT_MS = 150_000;

/** What the heartbeat does. Nothing of it is loaded before the first look. */
export function heartbeatDesk(env: Environment): HeartbeatDesk {
  let opened: Promise<HeartbeatDesk> | undefined;
  const open = (): Promise<HeartbeatDesk> => {
    opened ??= import('./beat.ts').then(({ createBeats }) => createBeats(env));
    return opened;
  };
  return {
    look: async (signal) => (await open()).look(signal),
    beat: async (beat, signal) => (await open()).beat(beat, signal),
  };
}
