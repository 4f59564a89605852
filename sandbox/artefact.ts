/** The versions of the guest interface that run here. */
export type World = 'tool@0.3.0' | 'tool@0.4.1' | 'channel@0.3.1';

/**
 * A component in the form that slots run: transpiled, validated, metered and capped. Made once for each component
 * by the builder and kept by the component's hash.
 */
export interface Artefact {
  /** SHA-256 of the component, hexadecimal. */
  readonly componentHash: string;
  readonly world: World;
  /** An ES module that imports nothing and exports `instantiate(getCoreModule, imports, instantiateCore)`. */
  readonly glue: string;
  /** The limited core modules by the names that the glue asks for. */
  readonly modules: readonly CoreModule[];
  /** The interfaces the component imports, with their versions, sorted: `near:agent/host@0.4.1`. */
  readonly imports: readonly string[];
}

export interface CoreModule {
  readonly name: string;
  readonly bytes: Uint8Array;
}
