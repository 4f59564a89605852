import type { Refusal } from '../../machines/refusal.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { World } from '../artefact.ts';
import type { GuestValue } from '../pool/index.ts';

/** How values cross the border to the guest, in the terms of its version of the interface. */

/** The cases of `http-error-kind` and of `error-kind`, in the order of the interface. */
const ERROR_KINDS = [
  'auth-required',
  'input',
  'output-too-large',
  'executor',
  'network-denied',
  'client',
  'operation-failed',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

export interface HostFailure extends Refusal {
  readonly kind: ErrorKind;
  readonly requestSent: boolean;
}

/** What an HTTP request that failed is to the guest: a record since 0.4.1, text before. */
export function httpFailure(world: World, { kind, rule, message, requestSent }: HostFailure): GuestValue {
  return world === 'tool@0.4.1' ? { kind, code: rule, message, requestSent } : `${rule}: ${message}`;
}

/** What `execute` answered: its result, or the failure that the guest itself reports. */
export function readResponse(world: World, value: GuestValue): Result<string, Refusal> {
  if (!isRecord(value)) return err(MALFORMED);
  return world === 'tool@0.3.0' ? readOptions(value) : readVariant(value);
}

const MALFORMED: Refusal = {
  rule: 'guest-response',
  message: 'The tool answered with something that its interface does not know.',
};

function readOptions({ output, error }: Readonly<Record<string, GuestValue>>): Result<string, Refusal> {
  if (typeof error === 'string') return err({ rule: 'guest-error', message: error });
  return ok(typeof output === 'string' ? output : '');
}

function readVariant({ tag, val }: Readonly<Record<string, GuestValue>>): Result<string, Refusal> {
  if (tag === 'success' && typeof val === 'string') return ok(val);
  if (tag !== 'failure' || val === undefined || !isRecord(val)) return err(MALFORMED);
  const { kind, code, message } = val;
  const known = ERROR_KINDS.find((candidate) => candidate === kind);
  if (!known) return err(MALFORMED);
  const said = [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
  return err({ rule: `guest-${known}`, message: said || known });
}

export function isRecord(value: GuestValue): value is Readonly<Record<string, GuestValue>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
