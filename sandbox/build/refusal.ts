/**
 * Why there is no artefact. `message` is for the author or the installer of the tool and says what to change.
 *
 * - `not-wasm`, `not-a-component`, `too-large`, `invalid`: the bytes themselves.
 * - `foreign-import`: it wants interfaces that no sandbox serves; the message names them all.
 * - `missing-export`: no supported `near:agent` interface, or one that lacks functions.
 * - `wrong-shape`: a `near:agent` function or type differs from the interface of that version.
 * - `limits`: a core module cannot be metered or asks for too much memory.
 * - `javascript`: the source is wrong; with line and column where there are any.
 * - `deadline`, `memory`: the build took too long or too much.
 * - `builder-crashed`: the process ended or answered in a way it never should.
 * - `aborted`: the caller's signal.
 */
export interface BuildRefusal {
  readonly rule: BuildRule;
  readonly message: string;
}

export type BuildRule = (typeof BUILD_RULES)[number];

export const BUILD_RULES = [
  'not-wasm',
  'not-a-component',
  'too-large',
  'invalid',
  'foreign-import',
  'missing-export',
  'wrong-shape',
  'limits',
  'javascript',
  'deadline',
  'memory',
  'builder-crashed',
  'aborted',
] as const;
