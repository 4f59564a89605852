import { GuestExit } from './wasi.ts';
import { wasm } from './web-assembly.ts';

/** Why a guest was stopped. `host`: an import that cannot fail in the guest's eyes failed. `output`: too large. */
export const TRAP_REASONS = [
  'fuel',
  'memory',
  'stack',
  'unreachable',
  'out-of-bounds',
  'host',
  'output',
  'other',
] as const;
export type TrapReason = (typeof TRAP_REASONS)[number];

/** `failed` is the error case of a function that returns a result; the guest is well. */
export type GuestEnding =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'trapped'; readonly reason: TrapReason; readonly message: string };

export interface Circumstances {
  readonly fuelSpent: boolean;
  /** The end of what the guest wrote to standard error. */
  readonly lastWords: string;
  /** Whether the error is one that we threw into the guest. */
  readonly isOurs: (error: unknown) => boolean;
}

const MAX_MESSAGE = 2_000;

/** What an error says that came out of a guest. */
export function endingOf(error: unknown, { fuelSpent, lastWords, isOurs }: Circumstances): GuestEnding {
  if (fuelSpent) return trap('fuel', 'The guest used up its fuel.');
  if (isOurs(error)) return trap('host', textOf(error));
  if (hasPayload(error)) return { kind: 'failed', error: error.payload };
  const said = lastWords.trim();
  return trap(reasonOf(error, said), said || textOf(error));
}

/** What Rust and QuickJS say when they get no more memory. */
const OUT_OF_MEMORY = /memory allocation of \d+ bytes failed|out of memory|could not allocate memory/i;

function reasonOf(error: unknown, lastWords: string): TrapReason {
  const text = textOf(error);
  if (OUT_OF_MEMORY.test(lastWords) || (error instanceof RangeError && OUT_OF_MEMORY.test(text)))
    return 'memory';
  if (error instanceof RangeError && text.includes('call stack')) return 'stack';
  if (error instanceof GuestExit || !(error instanceof wasm.RuntimeError)) return 'other';
  if (text.includes('unreachable')) return 'unreachable';
  return /out of bounds|out-of-bounds/.test(text) ? 'out-of-bounds' : 'other';
}

export const trap = (reason: TrapReason, message: string): GuestEnding => ({
  kind: 'trapped',
  reason,
  message: message.slice(0, MAX_MESSAGE).toWellFormed(),
});

const hasPayload = (error: unknown): error is { readonly payload: unknown } =>
  typeof error === 'object' && error !== null && Object.hasOwn(error, 'payload');

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'The guest failed in a way that cannot be told.';
  }
}
