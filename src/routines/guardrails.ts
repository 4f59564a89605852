import type { RoutineGuardrails, RoutineNotify, RoutineTrigger } from '../core/routines.ts';

/**
 * What counts where nobody says. What comes from outside may come in floods, so it keeps five minutes between two
 * starts; a schedule says itself how often it wants to run.
 */
export function guardrailsOf(
  kind: RoutineTrigger['kind'],
  given: Partial<RoutineGuardrails> = {},
): RoutineGuardrails {
  const isOutside = kind === 'event' || kind === 'system_event' || kind === 'webhook';
  const { runMode = 'single', catchUp = 'once' } = given;
  return {
    cooldownSeconds: within(given.cooldownSeconds ?? (isOutside ? 300 : 0), 0, 31_536_000),
    runMode,
    maxConcurrent: within(given.maxConcurrent ?? (runMode === 'parallel' ? 3 : 1), 1, 50),
    dedupSeconds: within(given.dedupSeconds ?? 0, 0, 31_536_000),
    catchUp,
    jitterSeconds: within(given.jitterSeconds ?? 0, 0, 86_400),
    disableAfter: within(given.disableAfter ?? 5, 0, 1_000),
    timeoutMinutes: within(given.timeoutMinutes ?? 60, 1, 1_440),
    dayMicroUsd: within(given.dayMicroUsd ?? 0, 0, Number.MAX_SAFE_INTEGER),
  };
}

export const notifyOf = (given: Partial<RoutineNotify> = {}): RoutineNotify => ({
  onSuccess: given.onSuccess ?? false,
  onAttention: given.onAttention ?? true,
  onFailure: given.onFailure ?? true,
});

const within = (number: number, least: number, most: number): number =>
  Number.isFinite(number) ? Math.min(most, Math.max(least, Math.round(number))) : least;
