import type { Refusal } from '../../machines/refusal.ts';
import { err } from '../core/result.ts';

/** Why a request of a container was not carried out. */
export type EgressRefusal = Refusal;

export const refuse = (
  rule: string,
  message: string,
): { readonly ok: false; readonly error: EgressRefusal } => err({ rule, message });
