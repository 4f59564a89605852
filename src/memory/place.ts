import type { Origin } from '../core/journal.ts';
import { err, type Result } from '../core/result.ts';
import { isStrayIdentity, type Layer, layerOf } from './layers/layer.ts';
import { normalisePath } from './paths.ts';
import { isRulesFile } from './rules/is-rules-file.ts';

/** The path under which a document may be written, or why it may not. */
export function placeFor(
  layers: readonly Layer[],
  given: string,
  origins: readonly Origin[],
): Result<string, string> {
  const path = normalisePath(given);
  return path.ok ? allowed(layers, path.value, origins) : path;
}

function allowed(layers: readonly Layer[], path: string, origins: readonly Origin[]): Result<string, string> {
  const layer = layerOf(layers, path);
  if (!layer.writable) return err(`Not saved: nothing can be written in the layer "${layer.name}".`);
  if (isStrayIdentity(layer, path)) {
    return err(
      `Not saved: ${path} has the name of a document that steers the assistant, and these are only at the top of memory. Name it differently.`,
    );
  }
  if (isRulesFile(path) && origins.length > 0) {
    return err(
      `Not saved: the rules of a folder can only be changed by the user, and ${origins.join(', ')} had a hand in this. The user can run \`ironbark memory write ${path}\`.`,
    );
  }
  return { ok: true, value: path };
}
