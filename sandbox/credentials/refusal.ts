import type { Credential } from '../../src/extensions/index.ts';

/** Why a request cannot be given its credentials. Never holds a value. */
export interface SealRefusal {
  readonly rule: SealRule;
  readonly secretName: string;
  readonly message: string;
}

export type SealRule =
  | 'secret-missing'
  /** The path asks for no value although a credential is meant for it. */
  | 'placeholder-missing'
  | 'placeholder-in-host'
  /** Two credentials for one header, parameter or placeholder, or one for a header that only the host sets. */
  | 'header-conflict'
  | 'value-invalid';

export const refusal = (rule: SealRule, { secretName }: Credential, message: string): SealRefusal => ({
  rule,
  secretName,
  message,
});
