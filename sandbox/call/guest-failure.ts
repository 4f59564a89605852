import type { Refusal } from '../../machines/refusal.ts';
import type { GuestOutcome } from '../pool/index.ts';
import type { CallLimits } from './services.ts';

type Broken = Exclude<GuestOutcome, { kind: 'returned' | 'failed' }>;

/** A guest that did not return, in words for the model and the user. */
export function guestFailure(tool: string, outcome: Broken, limits: CallLimits): Refusal {
  switch (outcome.kind) {
    case 'trapped':
      return { rule: `trap-${outcome.reason}`, message: trapped(tool, outcome, limits) };
    case 'deadline':
      return {
        rule: 'deadline',
        message: `${tool} was stopped: it did not finish within ${limits.deadlineMs / 1000} seconds.`,
      };
    case 'slot-lost':
      return {
        rule: 'sandbox-restarted',
        message: `The sandbox had to be restarted while ${tool} ran; what it did up to then may have taken effect. ${outcome.message}`,
      };
    case 'cancelled':
      return { rule: 'cancelled', message: `${tool} was stopped.` };
    case 'unavailable':
      return {
        rule: 'sandbox-unavailable',
        message: `${tool} could not be run: ${outcome.message} Try again in a moment.`,
      };
  }
}

function trapped(
  tool: string,
  { reason, message }: Extract<Broken, { kind: 'trapped' }>,
  { fuel }: CallLimits,
): string {
  switch (reason) {
    case 'fuel':
      return `${tool} was stopped: it used up its ${fuel / 1e6} million units of work. Ask it for less at a time.`;
    case 'memory':
      return `${tool} was stopped: it needs more memory than a tool may have. Ask it for less at a time.`;
    case 'stack':
      return `${tool} was stopped: it called itself too deeply.`;
    case 'output':
      return `${tool} was stopped: it returned more than 4 MiB. Ask it for less at a time.`;
    default:
      return `${tool} crashed: ${message}`;
  }
}
