import type { Artefact, World } from '../artefact.ts';
import { CONTRACTS } from './worlds.ts';

/**
 * Checks of what an artefact may consist of: the builder process and the cache's files are both taken for claims.
 */
const MODULE_NAME = /^tool\.core\d{0,3}\.wasm$/;
const INTERFACE_NAME = /^[a-z][a-z0-9:/.@+-]{0,127}$/i;
const MAX_IMPORTS = 64;
const MAX_MODULES = 128;

export interface ArtefactHeader {
  readonly world: World;
  readonly imports: readonly string[];
  readonly modules: readonly string[];
}

export function readHeader({
  world,
  imports,
  modules,
}: Readonly<Record<string, unknown>>): ArtefactHeader | undefined {
  const contract = CONTRACTS.find((known) => known.world === world);
  const names = strings(imports, INTERFACE_NAME, MAX_IMPORTS);
  const files = strings(modules, MODULE_NAME, MAX_MODULES);
  if (contract === undefined || names === undefined || files === undefined) return undefined;
  return { world: contract.world, imports: names, modules: files };
}

/** The list, where it holds at most so many different strings of that form. */
function strings(value: unknown, form: RegExp, most: number): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: readonly unknown[] = value;
  const fits = (item: unknown): item is string => typeof item === 'string' && form.test(item);
  return items.length <= most && items.every(fits) && new Set(items).size === items.length
    ? items
    : undefined;
}

/** An artefact of a header and its parts, the glue first. */
export function assemble(
  componentHash: string,
  { world, imports, modules }: ArtefactHeader,
  [glue, ...cores]: readonly Uint8Array[],
): Artefact | undefined {
  if (glue === undefined || cores.length !== modules.length) return undefined;
  return {
    componentHash,
    world,
    imports,
    glue: new TextDecoder().decode(glue),
    modules: cores.map((bytes, index) => ({ name: modules[index] ?? '', bytes })),
  };
}
