import type { AnyActorRef } from 'xstate';
import { type ActorSystemHandle, ask } from '../../src/runtime/index.ts';
import { MODEL_SLOTS } from '../names.ts';
import { patiently } from './patiently.ts';

/**
 * Resolves when it is this call's turn, or when nobody is there to say so for five seconds: the limit protects, and
 * nothing depends on it. Whoever waits while the slots are restarted asks anew.
 */
export async function takeSlot(
  tree: () => Pick<ActorSystemHandle, 'whereis'> | undefined,
  call: AnyActorRef,
  signal: AbortSignal,
): Promise<void> {
  await patiently(signal, async () => {
    const slots = tree()?.whereis(MODEL_SLOTS);
    const request = { type: 'slot.take', call };
    const answer = slots && (await ask<true>(slots.system, slots, request, { timeoutMs: Infinity }));
    return answer?.ok ? true : undefined;
  });
}
