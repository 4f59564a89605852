import type { GuestValue } from '../pool/index.ts';

/** What the guest gets back from one of its imports. */
export type HostAnswer = { readonly ok: GuestValue } | { readonly err: GuestValue };

/** An import that the guest has called and waits for. */
export interface HostCall {
  readonly name: string;
  readonly args: readonly GuestValue[];
  readonly answer: (answer: HostAnswer) => void;
}
