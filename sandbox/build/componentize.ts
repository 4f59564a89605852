import { fileURLToPath } from 'node:url';
import qjs from 'componentize-qjs';
import { type Outcome, refused } from './outcome.ts';
import { type Composed, compose } from './source.ts';
import { inspectSource } from './source-inspection.ts';
import { explain } from './source-trouble.ts';

/**
 * JavaScript to a component of the world in `sandbox/wit/javascript.wit`. Runs in the builder process, because the top
 * level of the source runs now: an endless loop there ends at the deadline, a bomb at the limit of memory.
 */
export async function componentizeSource(bytes: Uint8Array): Promise<Outcome> {
  const source = decodeSource(bytes);
  if (source === undefined) return refused('javascript', 'The source is not UTF-8.');
  const inspection = inspectSource(source);
  if ('status' in inspection) return inspection;
  return convert(compose(source, inspection));
}

function decodeSource(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function convert(composed: Composed): Promise<Outcome> {
  try {
    const { component } = await qjs.componentize({
      witPath: fileURLToPath(new URL('../wit/javascript.wit', import.meta.url)),
      world: 'sandboxed-tool',
      jsSource: composed.text,
      sync: true,
      optSize: true,
    });
    return { status: 'componentized', parts: [component] };
  } catch (error) {
    return refused('javascript', explain(error instanceof Error ? error.message : String(error), composed));
  }
}
