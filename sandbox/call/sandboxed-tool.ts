import type { JsonObject } from '../../src/core/json.ts';
import type { Capabilities, Manifest } from '../../src/extensions/index.ts';
import type { Artefact } from '../artefact.ts';

/** A tool from outside, ready to be called. */
export interface SandboxedTool {
  readonly name: string;
  readonly artefact: Artefact;
  /** What it says of itself, for models. */
  readonly description: string;
  /** JSON Schema of its arguments, an object. */
  readonly parameters: JsonObject;
  readonly manifest: Manifest;
  /** What of the manifest the user has approved. */
  readonly granted: Capabilities;
}
