import type { BuildRule } from './refusal.ts';

/** What the builder process answers. The parent takes it for a claim and checks its shape. */
export type Outcome =
  | {
      readonly status: 'translated';
      readonly world: string;
      readonly imports: readonly string[];
      /** The names of the core modules. The parts are the glue, then the modules. */
      readonly modules: readonly string[];
      readonly parts: readonly Uint8Array[];
    }
  | { readonly status: 'componentized'; readonly parts: readonly Uint8Array[] }
  | Refused;

export interface Refused {
  readonly status: 'refused';
  readonly rule: BuildRule;
  readonly message: string;
  readonly parts: readonly Uint8Array[];
}

export const refused = (rule: BuildRule, message: string): Refused => ({
  status: 'refused',
  rule,
  message,
  parts: [],
});
