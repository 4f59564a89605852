import { call } from '../actors/models/call.ts';
import { circuitBreaker } from '../actors/models/circuit-breaker.ts';
import type { ModelsInput } from '../actors/models/models.ts';
import { slots } from '../actors/models/slots.ts';
import { MODEL_BREAKERS, MODEL_CALLS, MODEL_SLOTS } from '../actors/names.ts';
import { supervisor } from '../src/runtime/index.ts';
import { calls } from './calls.ts';

/**
 * What stands around the language models: the breaker of each, the calls that are under way, and the slots that they
 * wait for. Each comes back alone. Without breaker and slots calls go on unprotected for that moment; a call that is
 * lost is made again by whoever waits for it.
 */
export const models = ({ maxConcurrent, hungAfterMs }: ModelsInput) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 30,
    children: [
      { id: 'breakers', name: MODEL_BREAKERS, logic: breakers() },
      { id: 'calls', name: MODEL_CALLS, logic: calls(call, hungAfterMs) },
      { id: 'slots', name: MODEL_SLOTS, logic: slots, input: { limit: maxConcurrent } },
    ],
  });

/** One that crashes begins anew and lets calls through, which is the worst that can come of it. */
const breakers = () =>
  supervisor({
    strategy: 'simple_one_for_one',
    intensity: 20,
    period: 10,
    children: [{ id: 'breaker', logic: circuitBreaker, restart: 'transient' }],
  });
