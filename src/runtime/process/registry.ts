import type { AnyActorRef } from 'xstate';

/**
 * Where names are kept, in the manner of OTP's `via`: a child whose name is `{ via, name }` is registered there
 * when an incarnation starts and taken out when it has ended, before anybody hears of its end.
 */
export interface NameRegistry {
  /** False where the name is taken by another. */
  register(name: unknown, ref: AnyActorRef): boolean;
  /** Does nothing where the name belongs to another by now. */
  unregister(name: unknown, ref: AnyActorRef): void;
  whereis(name: unknown): AnyActorRef | undefined;
}

/** A registry in memory. Each actor system has one for names that are plain strings. */
export function createRegistry(): NameRegistry {
  const holders = new Map<unknown, AnyActorRef>();
  return {
    register(name, ref) {
      if (holders.has(name)) return false;
      holders.set(name, ref);
      return true;
    },
    unregister(name, ref) {
      if (holders.get(name) === ref) holders.delete(name);
    },
    whereis: (name) => holders.get(name),
  };
}
